/// Where the page listens, and who may look.
package struct DashboardSettings: Hashable, Sendable {
    /// Never an address that other hosts reach: a proxy with TLS stands before it there.
    package enum Address: Hashable, Sendable {
        case loopback(host: String, port: Int)
        case unixSocket(path: String)
    }

    /// Who may look without a token.
    package enum Reading: String, Hashable, Sendable {
        case token
        case open
    }

    package let address: Address
    package var reading = Reading.token
    /// Names by which a proxy asks for it, beside those of loopback.
    package var hosts: [String] = []
    /// Whether everybody may see each app's badge.
    package var showsBadges = false

    package init(_ address: Address) {
        self.address = address
    }

    /// `127.0.0.1:9180`, `[::1]:9180`, `localhost:9180`, `unix:/run/teal/page.sock`.
    ///
    /// - Returns: nil for anything else.
    package static func address(_ text: String) -> Address? {
        if text.hasPrefix("unix:/") {
            let path = String(text.dropFirst("unix:".count))
            // What a socket's address holds.
            return path.utf8.count < 108 ? .unixSocket(path: path) : nil
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        switch text[..<colon] {
        case "127.0.0.1", "localhost": return .loopback(host: "127.0.0.1", port: port)
        case "[::1]": return .loopback(host: "::1", port: port)
        default: return nil
        }
    }
}

extension DashboardSettings.Address: CustomStringConvertible {
    package var description: String {
        switch self {
        case .loopback(let host, let port):
            host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        case .unixSocket(let path): "unix:\(path)"
        }
    }
}
