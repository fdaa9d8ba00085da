import Glibc

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
