import BlueGreen
import Orchestration

/// The roles of services in a deployment, as far as a compose file tells. Pure.
struct RoleProposal {
    let services: [ProposedService]

    /// Parts of a service's name that are often those of one that must not run twice.
    private static let singleNames: Set<String> = [
        "beat", "celery", "celerybeat", "consumer", "consumers", "cron", "cronjob", "job", "jobs",
        "queue", "scheduler", "sidekiq", "worker", "workers",
    ]

    init(_ all: [ServiceOutline], _ exposed: ExposedService) {
        var proposed = all.filter { $0.name != exposed.service.name }
            .map { Self.proposed($0, exposed) }
        Self.shareDependencies(&proposed, all)
        services = [Self.exposed(exposed)] + proposed
    }

    private static func exposed(_ exposed: ExposedService) -> ProposedService {
        ProposedService(
            name: exposed.service.name, part: .exposed(port: exposed.port),
            writes: writing(exposed.service), hasHealthCheck: exposed.service.hasHealthCheck)
    }

    private static func proposed(
        _ service: ServiceOutline, _ exposed: ExposedService
    ) -> ProposedService {
        let writing = writing(service)
        let seemsSingle = seemsSingle(service.name)
        // A release's own program cannot be left alone by a deploy.
        let isOwnProgram = isSameProgram(service, exposed.service)
        var proposed = ProposedService(
            name: service.name, part: .internal, otherPort: exposed.others[service.name],
            seemsSingle: seemsSingle, hasHealthCheck: service.hasHealthCheck)
        if let image = ExposedService.infrastructure(service) {
            proposed.part = .shared(.infrastructure(image: image))
        } else if writing != nil, seemsSingle {
            proposed.part = .singleton
        } else if writing != nil, !isOwnProgram {
            proposed.part = .shared(.writes)
        } else if let port = service.publishedPorts.first {
            proposed.part = .shared(
                .publishes(port: port.published.isEmpty ? "\(port.target)" : port.published))
        } else {
            proposed.writes = writing
        }
        return proposed
    }

    /// A shared service can only depend on shared services.
    private static func shareDependencies(
        _ proposed: inout [ProposedService], _ all: [ServiceOutline]
    ) {
        let dependencies = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.dependencies) })
        var isSettled = false
        while !isSettled {
            isSettled = true
            for asking in proposed where asking.role == .shared {
                for index in proposed.indices
                where proposed[index].part == .internal
                    && dependencies[asking.name]?.contains(proposed[index].name) ?? false
                {
                    proposed[index].part = .shared(.neededBy(asking.name))
                    proposed[index].writes = nil
                    isSettled = false
                }
            }
        }
    }

    private static func writing(_ service: ServiceOutline) -> String? {
        service.mounts.first { $0.isWritable && ["volume", "bind"].contains($0.type) }
            .map { "\($0.source) at \($0.target)" }
    }

    private static func isSameProgram(_ left: ServiceOutline, _ right: ServiceOutline) -> Bool {
        if let build = left.build { return build == right.build }
        return left.image != nil && left.image == right.image
    }

    private static func seemsSingle(_ name: String) -> Bool {
        let words = name.lowercased().split { !($0.isASCII && $0.isLetter) }.map(String.init)
        return words.contains { singleNames.contains($0) }
    }
}

/// One service of a compose file, as `teal init` proposes it.
struct ProposedService: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        /// nginx sends requests to this port of it.
        case exposed(port: Int)
        case shared(Reason)
        /// It writes, so that two of it must not run at a time.
        case singleton
        /// Each colour has its own, which needs no line in `teal.yml`.
        case `internal`
    }

    /// Why one of it serves both colours.
    enum Reason: Hashable, Sendable {
        case infrastructure(image: String)
        case writes
        case publishes(port: String)
        case neededBy(String)
    }

    let name: String
    var part: Part
    /// The port by which nginx could reach it as well; nil where it tells none.
    var otherPort: Int?
    /// By its name it may be one that must not run twice.
    var seemsSingle = false
    /// A volume that both of its colours can write to, `data at /var/lib/data`; nil where its
    /// part settles that.
    var writes: String?
    var hasHealthCheck = false

    var role: ServiceRole {
        switch part {
        case .exposed: .exposed
        case .shared: .shared
        case .singleton: .singleton
        case .internal: .internal
        }
    }

    var port: Int? {
        switch part {
        case .exposed(let port): port
        case .shared, .singleton, .internal: nil
        }
    }
}
