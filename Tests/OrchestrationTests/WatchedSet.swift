import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

/// A candidate with traffic, and the services that it may be made of.
enum WatchedSet {
    static let before = Placement(colour: .blue, release: Sample.release(1))
    static let candidate = Placement(colour: .green, release: Sample.release(2))
    static let slow = PlannedService(
        name: "slow", role: .internal,
        healthCheck: HealthCheck(method: .command(["check"]), interval: .seconds(10)))
    static let own = PlannedService(
        name: "own", role: .internal, healthCheck: HealthCheck(method: .docker))
    static let job = PlannedService(name: "job", role: .internal, isOneShot: true)
    static let services = [
        job, Sample.api, own, slow, Sample.web, Sample.worker,
        PlannedService(name: "db", role: .shared, healthCheck: Sample.web.healthCheck),
    ]

    static func deployment(
        _ services: [PlannedService] = services, kind: DeploymentKind = .deploy
    ) -> Deployment {
        Sample.deployment(kind: kind, previous: before, services: services)
    }

    static func container(
        _ service: String, _ state: Container.State = .running, health: Health? = .healthy,
        address: String? = "10.213.6.10", limit: ByteCount? = nil
    ) -> Container {
        Container(
            id: service, name: service, replica: Replica(service: service, index: 1),
            role: service == "web" ? .exposed : .internal, placement: candidate,
            state: state, health: health, address: address, memoryLimit: limit)
    }

    /// All that should run does.
    static func containers(
        replacing other: Container? = nil, without gone: String = ""
    ) -> [Container] {
        let all = ["api", "own", "slow", "web"].map { container($0) }
        return (all.filter { $0.id != other?.id && $0.id != gone } + [other]).compactMap(\.self)
    }

    static func ending(
        _ service: String, _ code: Int?, of placement: Placement? = candidate,
        outOfMemory: Bool = false
    ) -> ContainerEnding {
        ContainerEnding(
            replica: Replica(service: service, index: 1), placement: placement, exitCode: code,
            isOutOfMemory: outOfMemory, at: Sample.moment + .seconds(12))
    }
}
