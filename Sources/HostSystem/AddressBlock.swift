import Glibc

/// A block of IP addresses in the strict form that nginx and kernels take without a warning:
/// `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`.
package struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    /// In its shortest form.
    package let description: String

    /// Takes no host bits behind the prefix, no zone, no name and no leading zeros.
    package init?(_ text: String) {
        guard text.utf8.count <= 43 else { return nil }
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, let bytes = Self.bytes(of: String(halves[0])) else { return nil }
        guard halves.count == 2 else {
            description = Self.text(bytes)
            return
        }
        let digits = halves[1]
        guard (1...3).contains(digits.utf8.count), digits == "0" || digits.first != "0",
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(digits), length <= bytes.count * 8,
            Self.isZero(bytes, from: length)
        else { return nil }
        description = Self.text(bytes) + (length == bytes.count * 8 ? "" : "/\(length)")
    }

    private static func bytes(of text: String) -> [UInt8]? {
        let family = text.contains(":") ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    private static func isZero(_ bytes: [UInt8], from bit: Int) -> Bool {
        (bit..<bytes.count * 8).allSatisfy { bytes[$0 / 8] & (0x80 >> UInt8($0 % 8)) == 0 }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        var bytes = bytes
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, &bytes, &text, socklen_t(text.count))
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
