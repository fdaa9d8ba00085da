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
