import BlueGreen

extension HealthPath {
    /// A regular expression for it in an nginx file. All that could end a word or a line there, or
    /// mean something to an expression, is written as a number.
    var pattern: String {
        let text = bytes.map { byte in
            Self.isPlain(byte)
                ? String(UnicodeScalar(byte))
                : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "~^" + text.joined() + "$"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
