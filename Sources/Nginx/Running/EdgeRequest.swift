import BlueGreen
import Orchestration

/// One request of Teal's own that nginx passes on to a service.
struct EdgeRequest: Hashable, Sendable {
    static let prefix = "/.teal/"
    static let live = "live"
    /// Has the Host header that the service is to get; the request's own names the status server.
    static let hostHeader = "X-Teal-Host"

    /// What tells that nginx got to the service.
    enum Need: Hashable, Sendable {
        /// An answer with one of these statuses.
        case answer([ClosedRange<Int>])
        /// nginx's connection: nobody said what the service answers, and how soon.
        case connection
    }

    let names: AppNames
    let service: String
    let target: EdgeTarget
    let path: String
    let host: String
    let need: Need
    /// So long nginx may take.
    let limit: Duration

    /// nginx connects for 4 s at most.
    private static let leastLimit = Duration.seconds(5)

    /// - Parameter address: `10.213.6.10:8080`, of one of the service's containers: the host that
    ///   a check without one names.
    init(
        _ names: AppNames, to service: PlannedService, through target: EdgeTarget, address: String
    ) {
        self.names = names
        self.service = service.name
        self.target = target
        limit = max(service.healthCheck?.timeout ?? .zero, Self.leastLimit)
        switch service.healthCheck?.method {
        case .http(let port, let path, let host, let expected) where port == service.port:
            self.path = path
            self.host = host ?? address
            need = .answer(expected)
        case .http(_, _, let host, _):
            path = "/"
            self.host = host ?? address
            need = .connection
        case .tcp, .command, .docker, nil:
            path = "/"
            host = address
            need = .connection
        }
    }

    var text: String {
        let lines = [
            "GET \(Self.prefix)\(word)/\(names.plain(service))\(path) HTTP/1.1",
            "Host: \(names.statusHost)", "\(Self.hostHeader): \(host)", "User-Agent: teal",
            "Accept: */*", "Connection: close", "", "",
        ]
        return lines.joined(separator: "\r\n")
    }

    private var word: String {
        switch target {
        case .live: Self.live
        case .colour(let colour): colour.rawValue
        }
    }
}
