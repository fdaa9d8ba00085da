extension HealthCheck {
    /// In a plan: `GET /healthz at port 8080`.
    package var text: String {
        switch method {
        case .http(let port, let path, _, _): "GET \(path) at port \(port)"
        case .tcp(let port): "a connection at port \(port)"
        case .command: "a program inside"
        case .docker: "its own healthcheck"
        }
    }

    /// As the subject of what one probe found: `GET http://10.213.6.10:8080/healthz`.
    ///
    /// - Parameter address: the replica's; nil while it has none.
    package func subject(at address: String?) -> String {
        switch method {
        case .http(let port, let path, _, _): "GET http://\(address ?? "?"):\(port)\(path)"
        case .tcp(let port): "TCP \(address ?? "?"):\(port)"
        case .command(let command): "`\(command.joined(separator: " "))`"
        case .docker: "its HEALTHCHECK"
        }
    }
}
