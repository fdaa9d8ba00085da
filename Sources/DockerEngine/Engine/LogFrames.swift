import HostSystem

/// The outputs of a container without a terminal: frames of one byte for the stream, three of
/// nothing, four for the length (big endian), and so many bytes of text.
package struct LogFrames: Sendable {
    /// Both streams as they came, without the headers.
    package let bytes: [UInt8]

    private static let headerLength = 8

    package init(_ framed: [UInt8]) {
        var bytes: [UInt8] = []
        var position = 0
        while position + Self.headerLength <= framed.count {
            let length = framed[(position + 4)..<(position + Self.headerLength)]
                .reduce(0) { $0 << 8 | Int($1) }
            let start = position + Self.headerLength
            // A stream that was cut off ends inside a frame.
            let end = min(start + length, framed.count)
            bytes += framed[start..<end]
            position = end
        }
        self.bytes = bytes
    }

    /// Safe to print: no control characters, no invalid UTF-8.
    package static func lines(of bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { PrintableText(bytes: $0).text }
            .filter { !$0.isEmpty }
    }
}

/// The framed output of a program without a terminal, cut into lines as it comes; the frames are
/// those of `LogFrames`.
package struct FrameLines: Sendable {
    private static let headerLength = 8
    /// A program that never ends its line must not fill the memory.
    private static let longestLine = 64 * 1024

    private var header: [UInt8] = []
    /// Bytes of the frame that are still to come.
    private var left = 0
    /// Begun lines, by stream: the two outputs must not be mixed within a line.
    private var begun: [UInt8: [UInt8]] = [:]

    package init() {}

    /// - Returns: the lines that these bytes end.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if left == 0 {
                takeHeader(byte)
            } else {
                left -= 1
                if let line = takeText(byte, of: header[0]) { lines.append(line) }
                if left == 0 { header = [] }
            }
        }
        return lines
    }

    /// - Returns: last lines without an end.
    package mutating func finish() -> [String] {
        defer { begun = [:] }
        return begun.sorted { $0.key < $1.key }.map(\.value).filter { !$0.isEmpty }.map(Self.text)
    }

    private mutating func takeHeader(_ byte: UInt8) {
        header.append(byte)
        guard header.count == Self.headerLength else { return }
        left = header[4...].reduce(0) { $0 << 8 | Int($1) }
        if left == 0 { header = [] }
    }

    private mutating func takeText(_ byte: UInt8, of stream: UInt8) -> String? {
        let isEnd = byte == UInt8(ascii: "\n")
        if !isEnd { begun[stream, default: []].append(byte) }
        guard isEnd || begun[stream, default: []].count >= Self.longestLine else { return nil }
        return Self.text(begun.removeValue(forKey: stream) ?? [])
    }

    private static func text(_ line: [UInt8]) -> String {
        String(
            decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...], as: UTF8.self)
    }
}
