/// A steady load of keep-alive connections on a site.
package struct Load: Sendable {
    package var method = "GET"
    package var path = "/version"
    package var connections = 32
    /// A blind client never sends a request again, as most do with a POST.
    package var client = "careful"
    /// Further headers, `Name: value`.
    package var headers: [String] = []
    /// The longest it may last; a story ends it before.
    package var seconds = 900
    /// Requests per second over all connections; as many as are answered where it is nil.
    package var rate: Int?
    /// So many clients take turns; `{client}` in a header is the number of each.
    package var clients: Int?

    package init() {}

    package init(method: String, path: String) {
        self.method = method
        self.path = path
    }

    /// - Parameter end: the option that says when to stop, and its value.
    func arguments(port: Int, end: (String, String)) -> [String] {
        [
            "--url", "http://127.0.0.1:\(port)\(path)", "--method", method,
            "--connections", "\(connections)", "--client", client, "--duration", "\(seconds)s",
            end.0, end.1, "--json",
        ] + headers.flatMap { ["--header", $0] } + (rate.map { ["--rate", "\($0)"] } ?? [])
            + (clients.map { ["--clients", "\($0)"] } ?? [])
    }
}
