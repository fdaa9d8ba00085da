/// One service of a release as a deployment sees it.
package struct PlannedService: Hashable, Codable, Sendable {
    package let name: String
    package let role: ServiceRole
    /// How many containers of it run in one colour; at least 1.
    package let replicas: Int
    /// The container's port that nginx sends requests to; only `exposed` services have one.
    package let port: Int?
    /// nil where neither `teal.yml` nor the compose file knows a check.
    package let healthCheck: HealthCheck?
    /// Runs to its end (exit code 0) instead of serving: another service waits for it with
    /// `condition: service_completed_successfully`.
    package let isOneShot: Bool
    /// The memory that one container of it may take, by `teal.yml`, else by its limit; nil where
    /// neither is known.
    package let memory: ByteCount?
    /// The services of the app that it depends on by the compose file's `depends_on`, sorted.
    package let dependencies: [String]

    package init(
        name: String, role: ServiceRole, replicas: Int = 1, port: Int? = nil,
        healthCheck: HealthCheck? = nil, isOneShot: Bool = false, memory: ByteCount? = nil,
        dependencies: [String] = []
    ) {
        self.name = name
        self.role = role
        self.replicas = replicas
        self.port = port
        self.healthCheck = healthCheck
        self.isOneShot = isOneShot
        self.memory = memory
        self.dependencies = dependencies
    }
}

/// Bounds far above all that one small host can hold.
extension PlannedService {
    /// Services of an app.
    package static let most = 200
    /// Replicas of one service.
    package static let mostReplicas = 64
    /// Containers of one colour.
    package static let mostContainers = 500
}

/// The role of a service of the compose file in a deployment.
package enum ServiceRole: String, Codable, CaseIterable, Sendable {
    /// One set per colour, probed, and reached through nginx.
    case exposed
    /// One set per colour, reached by name inside its colour only.
    case `internal`
    /// One for both colours; started if missing, otherwise left alone.
    case shared
    /// Runs in one colour at a time: a queue consumer, a scheduler. Handed over after the switch.
    case singleton
}

/// One container that a deployment starts.
package struct PlannedReplica: Hashable, Sendable {
    package let service: PlannedService
    /// From 1.
    package let index: Int

    package init(_ service: PlannedService, _ index: Int) {
        self.service = service
        self.index = index
    }

    package var replica: Replica { Replica(service: service.name, index: index) }
}

extension Sequence<PlannedService> {
    /// Every container of the services, in start order.
    package var containers: [PlannedReplica] {
        flatMap { service in
            (1...Swift.max(service.replicas, 1)).map { PlannedReplica(service, $0) }
        }
    }
}

/// One container of a service in a colour, counted from 1: `web-1`.
package struct Replica: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    package let service: String
    package let index: Int

    package init(service: String, index: Int) {
        self.service = service
        self.index = index
    }

    package var description: String { "\(service)-\(index)" }

    package static func < (left: Replica, right: Replica) -> Bool {
        (left.service, left.index) < (right.service, right.index)
    }
}
