import BlueGreen
import Glibc

/// One line of the request log, as far as it counts.
struct RequestLogLine: Hashable, Sendable {
    /// When the request had ended.
    let moment: Timestamp
    let colour: Colour
    let status: Int
    /// In milliseconds, as nginx writes it; nil where the request became a connection of its own
    /// that lasted as long as both sides liked.
    let latency: Int64?

    /// nil for what is no such line, and for a request that no server of the colour was asked
    /// for: what nginx refuses by itself, as by `limit_req`, says nothing of the colour.
    init?(_ line: UnsafeRawBufferPointer) {
        var fields = SeparatedFields(line)
        var moment: Int64?
        var colour: Colour?
        var status: Int?
        var latency: Int64?
        for field in RequestLogFormat.order {
            guard let text = fields.next() else { return nil }
            switch field {
            case .moment: moment = Self.milliseconds(text)
            case .colour: colour = Self.colour(text)
            case .status: status = Self.status(text)
            // Of an aborted request it is `-` although a server was asked.
            case .upstreamStatus: break
            // With queueing in nginx itself, and the client's own slowness; the next one is better.
            case .requestTime: guard Self.milliseconds(text) != nil else { return nil }
            case .upstreamTime: latency = Self.sum(text)
            }
        }
        guard let moment, let colour, let status, let latency, fields.isAtEnd else { return nil }
        self.moment = Timestamp(milliseconds: moment)
        self.colour = colour
        self.status = status
        self.latency = status == Self.switchingProtocols ? nil : latency
    }

    private static let switchingProtocols = 101
    private static let zero = UInt8(ascii: "0")

    private static func colour(_ text: UnsafeRawBufferPointer) -> Colour? {
        Colour.allCases.first { $0.rawValue.utf8.elementsEqual(text) }
    }

    /// Three digits; `000` where the client had gone before there was any answer.
    private static func status(_ text: UnsafeRawBufferPointer) -> Int? {
        text.count == 3 ? number(text[...]) : nil
    }

    /// `0.012`: nginx writes three places.
    private static func milliseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        milliseconds(text[...])
    }

    private static func milliseconds(_ text: Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard text.count > 4, text[text.endIndex - 4] == UInt8(ascii: "."),
            let whole = number(text.dropLast(4)), let rest = number(text.suffix(3))
        else { return nil }
        return Int64(whole * 1000 + rest)
    }

    /// At most twelve digits.
    private static func number(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard (1...12).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard byte >= zero, byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - zero)
        }
        return value
    }

    /// `0.100, 0.200 : 0.300`, servers one after the other; `-` for one that was given up before.
    ///
    /// - Returns: nil where no server was asked.
    private static func sum(_ text: UnsafeRawBufferPointer) -> Int64? {
        if let single = milliseconds(text) { return single }
        var sum: Int64?
        for part in text.split(whereSeparator: { ", :".utf8.contains($0) }) {
            if part.count == 1, part.first == UInt8(ascii: "-") { continue }
            guard let time = milliseconds(part) else { return nil }
            sum = (sum ?? 0) + time
        }
        return sum
    }
}

/// Cuts a line of the request log at its separators, without copying.
struct SeparatedFields {
    private let line: UnsafeRawBufferPointer
    /// Where the next field begins; one past the end behind the last field.
    private var position = 0

    init(_ line: UnsafeRawBufferPointer) {
        self.line = line
    }

    var isAtEnd: Bool { position > line.count }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard !isAtEnd, let start = line.baseAddress else { return nil }
        let rest = line.count - position
        let end = memchr(start + position, CInt(RequestLogFormat.separator), rest)
            .map { UnsafeRawPointer($0) - start }
        let field = UnsafeRawBufferPointer(
            start: start + position, count: (end ?? line.count) - position)
        position = (end ?? line.count) + 1
        return field
    }
}
