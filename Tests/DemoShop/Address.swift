/// An `http://` URL taken apart: enough to fetch from a neighbour, and no more.
struct Address: Equatable, Sendable {
    let host: String
    let port: Int
    let path: String

    /// Nothing when it is no `http://host[:port][/path]`. Bracketed IPv6 hosts are not known.
    init?(url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        guard let port = parts.count == 2 ? Int(parts[1]) : 80, (1...65535).contains(port) else {
            return nil
        }
        let path = rest.dropFirst(authority.count)
        self.host = String(host)
        self.port = port
        self.path = path.isEmpty ? "/" : String(path)
    }

    /// The same server, another path.
    func at(_ path: String) -> Address { Address(host: host, port: port, path: path) }

    private init(host: String, port: Int, path: String) {
        self.host = host
        self.port = port
        self.path = path
    }
}
