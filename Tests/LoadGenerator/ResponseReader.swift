import NIOCore

/// Reads responses from the bytes of a connection and keeps only the counted parts.
///
/// NIOHTTP1's decoder would make strings of all headers, most of this program's CPU time, which
/// it takes from the server that it measures on the same host.
struct ResponseReader {
    enum Progress: Equatable {
        case incomplete
        case complete
        case malformed
    }

    private enum Phase: Equatable {
        case head
        case counted(Int)
        case chunkSize
        case chunk(Int)
        case trailer
        case untilClose
    }

    private(set) var status = 0
    private(set) var version: [UInt8] = []
    /// Whether the connection ends with this response.
    private(set) var closes = false
    private var phase = Phase.head
    private let versionHeader: [UInt8]

    init(versionHeader: String) {
        self.versionHeader = Array(versionHeader.lowercased().utf8)
    }

    /// Takes what it can from the buffer. After `complete` the fields describe that response until
    /// the next call.
    mutating func read(_ buffer: inout ByteBuffer) -> Progress {
        while true {
            switch phase {
            case .head:
                guard let end = buffer.firstEmptyLine else {
                    return buffer.readableBytes > 1 << 16 ? .malformed : .incomplete
                }
                guard readHead(&buffer, length: end) else { return .malformed }
            case .counted(0):
                phase = .head
                return .complete
            case .counted(let rest):
                let taken = min(rest, buffer.readableBytes)
                guard taken > 0 else { return .incomplete }
                buffer.moveReaderIndex(forwardBy: taken)
                phase = .counted(rest - taken)
            case .chunkSize:
                guard let line = buffer.readLine() else { return .incomplete }
                let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
                guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0
                else { return .malformed }
                // The data of a chunk is followed by a line end.
                phase = size == 0 ? .trailer : .chunk(size + 2)
            case .chunk(0): phase = .chunkSize
            case .chunk(let rest):
                let taken = min(rest, buffer.readableBytes)
                guard taken > 0 else { return .incomplete }
                buffer.moveReaderIndex(forwardBy: taken)
                phase = .chunk(rest - taken)
            case .trailer:
                guard let line = buffer.readLine() else { return .incomplete }
                if line.isEmpty { phase = .counted(0) }
            case .untilClose:
                buffer.moveReaderIndex(forwardBy: buffer.readableBytes)
                return .incomplete
            }
        }
    }

    /// The meaning of the connection's end for the response that is being read.
    func readClose() -> Progress {
        phase == .untilClose ? .complete : .incomplete
    }

    private mutating func readHead(_ buffer: inout ByteBuffer, length: Int) -> Bool {
        var head = HeadFields(versionHeader: versionHeader)
        let isValid = buffer.readWithUnsafeReadableBytes { bytes in
            (length, head.read(UnsafeRawBufferPointer(rebasing: bytes.prefix(length))))
        }
        guard isValid else { return false }
        // 100 Continue and its like only announce the response.
        if head.status < 200 { return head.status != 101 }
        status = head.status
        closes = head.closes
        if let found = head.version { version = found } else { version.removeAll() }
        if head.status == 204 || head.status == 304 {
            phase = .counted(0)
        } else if head.isChunked {
            phase = .chunkSize
        } else if let length = head.contentLength {
            phase = .counted(length)
        } else {
            phase = .untilClose
            closes = true
        }
        return true
    }
}

extension ByteBuffer {
    /// How many readable bytes there are up to and with the first empty line.
    var firstEmptyLine: Int? {
        withUnsafeReadableBytes { bytes in
            var index = 3
            while index < bytes.count {
                // Most bytes are neither, and then the end is at least four bytes away.
                switch bytes[index] {
                case 0x0A:
                    if bytes[index - 1] == 0x0D, bytes[index - 2] == 0x0A, bytes[index - 3] == 0x0D
                    {
                        return index + 1
                    }
                    index += 2
                case 0x0D: index += 1
                default: index += 4
                }
            }
            return nil
        }
    }

    /// Takes one line, without its end; nothing while there is no whole one.
    mutating func readLine() -> [UInt8]? {
        guard let end = readableBytesView.firstIndex(of: 0x0A) else { return nil }
        let line = readBytes(length: end - readerIndex)
        moveReaderIndex(forwardBy: 1)
        return line?.last == 0x0D ? line?.dropLast() : line
    }
}

/// The few fields of a response head that are looked at.
struct HeadFields {
    private(set) var status = 0
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var closes = false
    private(set) var version: [UInt8]?
    private let versionHeader: [UInt8]

    init(versionHeader: [UInt8]) {
        self.versionHeader = versionHeader
    }

    /// `bytes` are the head with its empty line. False when it is no HTTP/1 response.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let prefix = "HTTP/1.".utf8
        guard bytes.count >= 14, bytes.starts(with: prefix) else { return false }
        closes = bytes[7] == UInt8(ascii: "0")
        guard let status = Self.number(bytes[9..<12]) else { return false }
        self.status = status
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            let line = bytes[start..<index]
            if start > 0, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let value = Self.trimmed(bytes[(colon + 1)..<index])
                guard readField(bytes[start..<colon], value) else { return false }
            }
            start = index + 1
        }
        return true
    }

    private mutating func readField(
        _ name: Slice<UnsafeRawBufferPointer>, _ value: Slice<UnsafeRawBufferPointer>
    ) -> Bool {
        if Self.equal(name, "content-length".utf8) {
            contentLength = Self.number(value)
            return contentLength != nil
        }
        if Self.equal(name, "transfer-encoding".utf8) {
            isChunked = Self.equal(value, "chunked".utf8)
        } else if Self.equal(name, "connection".utf8) {
            closes = Self.equal(value, "close".utf8)
        } else if Self.equal(name, versionHeader) {
            version = Array(value)
        }
        return true
    }

    /// `lowercase` against any case; ASCII only.
    private static func equal(
        _ bytes: Slice<UnsafeRawBufferPointer>, _ lowercase: some Collection<UInt8>
    ) -> Bool {
        guard bytes.count == lowercase.count else { return false }
        return zip(bytes, lowercase).allSatisfy { byte, wanted in
            byte == wanted || (byte | 0x20 == wanted && (0x41...0x5A).contains(byte))
        }
    }

    private static func trimmed(
        _ bytes: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        var bytes = bytes
        while let first = bytes.first, first <= UInt8(ascii: " ") { bytes.removeFirst() }
        while let last = bytes.last, last <= UInt8(ascii: " ") { bytes.removeLast() }
        return bytes
    }

    private static func number(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 15 else { return nil }
        var number = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }
}
