/// Lines of a name and a number, as in `/proc/vmstat`, `/proc/meminfo` and cgroups' `memory.stat`.
/// The kernel's documentation calls such files flat keyed.
struct FlatKeyedText: Sendable {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// The number behind the name, `pswpin 12` or `MemTotal:   12 kB`; nil where there is none.
    subscript(key: String) -> Int64? {
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: key.utf8)
        {
            let rest = line.dropFirst(key.utf8.count)
            guard let next = rest.first, next == UInt8(ascii: " ") || next == UInt8(ascii: ":")
            else { continue }
            let digits = rest.drop { !Self.isDigit($0) }.prefix(while: Self.isDigit)
            return Int64(Substring(digits))
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
