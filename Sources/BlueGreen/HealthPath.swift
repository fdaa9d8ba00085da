/// A path that the app answers in maintenance too. It has no query, its `%` are decoded and its
/// slashes merged, as nginx compares paths.
package struct HealthPath: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// Takes what a health check asks for, `/healthz?full=1`.
    ///
    /// - Returns: nil for the front page, which maintenance has to hide, and for a text that is no
    ///   path.
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

    private static let slash = UInt8(ascii: "/")

    private static func byte(_ digits: Substring.UTF8View) -> UInt8? {
        let text = Substring(digits)
        guard text.utf8.count == 2, text.allSatisfy(\.isHexDigit) else { return nil }
        return UInt8(text, radix: 16)
    }
}
