/// An address and a port that may stand in an `upstream`: `10.213.5.10:8080`, `[fd00::5]:8080`.
struct Endpoint: Hashable, Sendable {
    let address: String
    let port: Int
    let isIPv6: Bool

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard let port = Self.number(digits, in: 1...65_535) else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            let inner = host.dropFirst().dropLast()
            guard inner.contains(":"), inner.utf8.count <= 39,
                inner.allSatisfy({ $0 == ":" || ($0.isASCII && $0.isHexDigit) })
            else { return nil }
            address = String(inner)
            isIPv6 = true
        } else {
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts.allSatisfy({ Self.number($0, in: 0...255) != nil }) else {
                return nil
            }
            address = String(host)
            isIPv6 = false
        }
        self.port = port
    }

    private static func number(_ digits: Substring, in range: ClosedRange<Int>) -> Int? {
        guard (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits)
        else { return nil }
        return range.contains(number) ? number : nil
    }
}

/// Where the generated status server listens.
package struct StatusAddress: Hashable, Sendable, ManifestText {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Takes `127.0.0.1:8127`.
    package init?(_ text: String) {
        guard let endpoint = Endpoint(text), !endpoint.isIPv6 else { return nil }
        host = endpoint.address
        port = endpoint.port
    }

    /// Whether nobody but the host itself reaches it.
    var isLoopback: Bool { host.hasPrefix("127.") }

    package var description: String { "\(host):\(port)" }
}
