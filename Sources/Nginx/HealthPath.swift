/// A path that is answered by the app in maintenance too, as nginx has it in `$uri`: without a
/// query, its `%` decoded and its slashes merged.
package struct HealthPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// Takes what a health check asks for, `/healthz?full=1`.
    ///
    /// - Returns: nil for the front page, which is what maintenance is to hide, and for what is
    ///   no path.
    package init?(checking target: String) {
        var bytes: [UInt8] = []
        var rest = target.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), let code = Self.byte(digits) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else if byte != Self.slash || bytes.last != Self.slash {
                bytes.append(byte)
            }
        }
        guard bytes.first == Self.slash, bytes.count > 1 else { return nil }
        self.bytes = bytes
    }

    package static func < (left: HealthPath, right: HealthPath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    package var description: String { String(decoding: bytes, as: UTF8.self) }

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

    private static let slash = UInt8(ascii: "/")

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), slash, UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func byte(_ digits: Substring.UTF8View) -> UInt8? {
        let text = Substring(digits)
        guard text.utf8.count == 2, text.allSatisfy(\.isHexDigit) else { return nil }
        return UInt8(text, radix: 16)
    }
}
