import BlueGreen

/// One output stream of a program: its bytes up to a limit, and its lines as they come.
struct CapturedOutput {
    private let limit: Int
    private let onLine: (@Sendable (String) -> Void)?
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var dropped = 0
    private var line: [UInt8] = []

    /// A program that never ends its line must not fill the memory.
    private static let longestLine = 64 * 1024

    init(limit: ByteCount, onLine: (@Sendable (String) -> Void)?) {
        self.limit = max(2, Int(limit.bytes))
        self.onLine = onLine
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        keep(bytes)
        if onLine != nil { cutLines(bytes) }
    }

    /// Hands out a last line that has no end.
    mutating func finish() {
        if !line.isEmpty { emitLine() }
    }

    /// Invalid UTF-8 is repaired. Of what is longer than the limit the first and the last half
    /// are kept, with a line between them that says how much is missing.
    var text: String {
        guard dropped > 0 else { return String(decoding: head + tail, as: UTF8.self) }
        return String(decoding: head, as: UTF8.self)
            + "\n[\(dropped) bytes of output left out]\n"
            + String(decoding: tail, as: UTF8.self)
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        let room = limit / 2 - head.count
        head.append(contentsOf: bytes.prefix(max(0, room)))
        tail.append(contentsOf: bytes.dropFirst(max(0, room)))
        // Cut only when twice the limit is reached, so that a long output is not moved in memory
        // for each of its pieces.
        if tail.count > limit { cutTail() }
    }

    private mutating func cutTail() {
        let excess = tail.count - (limit - limit / 2)
        tail.removeFirst(excess)
        dropped += excess
    }

    private mutating func cutLines(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || line.count == Self.longestLine { emitLine() }
            if byte != UInt8(ascii: "\n") { line.append(byte) }
        }
    }

    private mutating func emitLine() {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        onLine?(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
    }
}
