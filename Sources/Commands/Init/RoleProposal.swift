import BlueGreen
import DockerCompose

/// The roles of services in a deployment, as far as a compose file tells. Pure.
struct RoleProposal {
    let services: [ProposedService]

    /// Parts of a service's name that are often those of one that must not run twice.
    private static let singleNames: Set<String> = [
        "beat", "celery", "celerybeat", "consumer", "consumers", "cron", "cronjob", "job", "jobs",
        "queue", "scheduler", "sidekiq", "worker", "workers",
    ]

    init(_ all: [ComposeService], _ exposed: ExposedService) {
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
        _ service: ComposeService, _ exposed: ExposedService
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
        _ proposed: inout [ProposedService], _ all: [ComposeService]
    ) {
        let dependencies = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.dependencies) })
        var isSettled = false
        while !isSettled {
            isSettled = true
            for asking in proposed where asking.role == .shared {
                for index in proposed.indices
                where proposed[index].part == .internal
                    && dependencies[asking.name]?[proposed[index].name] != nil
                {
                    proposed[index].part = .shared(.neededBy(asking.name))
                    proposed[index].writes = nil
                    isSettled = false
                }
            }
        }
    }

    private static func writing(_ service: ComposeService) -> String? {
        service.mounts.first { $0.isWritable && ["volume", "bind"].contains($0.type) }
            .map { "\($0.source) at \($0.target)" }
    }

    private static func isSameProgram(_ left: ComposeService, _ right: ComposeService) -> Bool {
        if let build = left.model["build"] { return build == right.model["build"] }
        return left.model["image"] != nil && left.model["image"] == right.model["image"]
    }

    private static func seemsSingle(_ name: String) -> Bool {
        let words = name.lowercased().split { !($0.isASCII && $0.isLetter) }.map(String.init)
        return words.contains { singleNames.contains($0) }
    }
}
