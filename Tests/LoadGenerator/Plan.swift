import NIOCore

/// What every connection does.
struct Plan: Sendable {
    let request: RequestText
    let address: SocketAddress
    /// Whether sending the request twice is harmless.
    let isRepeatable: Bool
    let client: Client
    let versionHeader: String
    let timeout: Duration
    /// How many clients take turns; nil where all requests are alike.
    let clients: Int?
}
