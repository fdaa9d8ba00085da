/// Where the colour without the traffic can be looked at.
package struct PreviewSettings: Hashable, Sendable {
    /// A numeric address of this host or of a private network, with its port: `127.0.0.1:8089`.
    package let address: String
    /// The exposed service that answers there.
    package let service: String

    package init(address: String, service: String) {
        self.address = address
        self.service = service
    }

    package var url: String { "http://\(address)" }
}
