/// Where the Docker daemon listens.
package enum EngineEndpoint: Hashable, Sendable, CustomStringConvertible {
    case socket(path: String)
    case tcp(host: String, port: Int)

    private static let usual = "/var/run/docker.sock"

    /// - Parameter environment: of this process; DOCKER_HOST is honoured.
    /// - Throws: `DockerError.badEndpoint` for ssh, TLS and anything else.
    package init(environment: [String: String]) throws {
        guard let host = environment["DOCKER_HOST"], !host.isEmpty else {
            self = .socket(path: Self.usual)
            return
        }
        if host.hasPrefix("unix:///") {
            self = .socket(path: String(host.dropFirst("unix://".count)))
            return
        }
        let usesTLS = !(environment["DOCKER_TLS_VERIFY"] ?? "").isEmpty
        guard host.hasPrefix("tcp://"), !usesTLS,
            case let place = host.dropFirst("tcp://".count),
            let colon = place.lastIndex(of: ":"), colon != place.startIndex,
            let port = Int(place[place.index(after: colon)...]), (1...65_535).contains(port)
        else { throw DockerError.badEndpoint(host) }
        self = .tcp(host: String(place[..<colon]), port: port)
    }

    /// As DOCKER_HOST names it.
    package var dockerHost: String {
        switch self {
        case .socket(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        }
    }

    package var description: String { dockerHost }
}
