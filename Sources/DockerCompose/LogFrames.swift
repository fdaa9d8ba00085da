import HostSystem

/// The outputs of a container without a terminal: frames of one byte for the stream, three of
/// nothing, four for the length (big endian), and so many bytes of text.
struct LogFrames: Sendable {
    /// Both streams as they came, without the headers.
    let bytes: [UInt8]

    private static let headerLength = 8

    init(_ framed: [UInt8]) {
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
    static func lines(of bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { PrintableText(bytes: $0).text }
            .filter { !$0.isEmpty }
    }
}
