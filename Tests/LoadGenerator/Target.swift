import ArgumentParser
import NIOCore

/// The URL that the load goes to.
struct Target: ExpressibleByArgument, Sendable {
    let url: String
    let host: String
    let port: Int
    let path: String

    init?(argument: String) {
        guard argument.hasPrefix("http://") else { return nil }
        let rest = argument.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        guard let port = parts.count == 2 ? Int(parts[1]) : 80, (1...65535).contains(port) else {
            return nil
        }
        let path = rest.dropFirst(authority.count)
        self.url = argument
        self.host = String(host)
        self.port = port
        self.path = path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    /// Looked up once, so that no request waits for a name.
    func resolved() throws -> SocketAddress {
        try SocketAddress.makeAddressResolvingHost(host, port: port)
    }
}
