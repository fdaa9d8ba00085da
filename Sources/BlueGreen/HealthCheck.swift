/// How a replica proves that it is ready, and how patient Teal is with it.
package struct HealthCheck: Hashable, Codable, Sendable {
    /// Each kind has what only it needs; a port is the container's.
    package enum Method: Hashable, Codable, Sendable {
        /// GET `path`; `host` replaces the Host header, which is else the replica's address.
        case http(port: Int, path: String, host: String?, expected: [ClosedRange<Int>])
        /// A connection that opens is a pass.
        case tcp(port: Int)
        /// A program inside the container, its path first; exit code 0 is a pass.
        case command([String])
        /// The container's own HEALTHCHECK, as the engine reports it.
        case docker
    }

    /// The statuses that count as healthy where the user says none.
    package static let usualStatuses = [200...399]

    package var method: Method
    /// Between two probes of a replica that is known to be healthy.
    package var interval: Duration
    /// How long one probe may take; one that hangs costs this and not more.
    package var timeout: Duration
    /// So many passes in a row make a replica healthy.
    package var rise: Int
    /// So many failures in a row make a healthy replica unhealthy.
    package var fall: Int
    /// How long a replica may take from its start to being healthy.
    package var deadline: Duration

    package init(
        method: Method, interval: Duration = .seconds(1), timeout: Duration = .seconds(2),
        rise: Int = 2, fall: Int = 3, deadline: Duration = .seconds(120)
    ) {
        self.method = method
        self.interval = interval
        self.timeout = timeout
        self.rise = rise
        self.fall = fall
        self.deadline = deadline
    }

    /// A starting replica is asked more often than `interval` says: its readiness is known within
    /// 150 ms. A socket probe costs 0.2 ms of CPU and may come every 50 ms. A command costs 50 ms
    /// and keeps to its interval.
    package var startingInterval: Duration {
        switch method {
        case .http, .tcp, .docker: min(interval, .milliseconds(50))
        case .command: interval
        }
    }

    /// Docker makes such a check by itself, at its own times and with its own patience. A look at
    /// its result costs nothing.
    package var isMadeByDocker: Bool { method == .docker }
}

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
        case .http(let port, let path, _, _): "GET http://\(place(address, port))\(path)"
        case .tcp(let port): "TCP \(place(address, port))"
        case .command(let command): "`\(command.joined(separator: " "))`"
        case .docker: "its HEALTHCHECK"
        }
    }

    /// An address that brings a port is a published one, which stands for the container's own.
    private func place(_ address: String?, _ port: Int) -> String {
        guard let address else { return "?:\(port)" }
        return address.split(separator: ":").count == 2 ? address : "\(address):\(port)"
    }
}
