package import BlueGreen

/// Restarts the replicas of one service that serve, as a person asks for it: one after the other,
/// each up again before the next. The caller holds the app's lock.
package struct ServiceRestart: Sendable {
    /// How far it came.
    package struct Outcome: Sendable {
        package let service: PlannedService
        /// The placement that has traffic.
        package let active: Placement
        /// Those that are up again, in the order in which they were restarted.
        package var restarted: [Replica] = []
        /// The one that did not come back; nothing was restarted after it.
        package var failure: Failed?
        /// Those that were left as they were, since it ended before them.
        package var left: [Replica] = []
    }

    package struct Failed: Sendable {
        package let replica: Replica
        package let failure: Failure
    }

    private let ports: Ports
    private let interruption: Interruption

    package init(_ ports: Ports, interruption: Interruption) {
        self.ports = ports
        self.interruption = interruption
    }

    /// Unhealthy replicas are restarted first. A wish to end is obeyed between two of them.
    ///
    /// - Parameter index: of the only replica to restart, from 1; nil for all of the service.
    /// - Throws: `RestartRefusal` before anything was touched.
    package func run(_ service: String, replica index: Int? = nil) async throws -> Outcome {
        if let unfinished = try await ports.store.unfinished() {
            throw RestartRefusal.unfinished(
                number: unfinished.number, isWaiting: unfinished.waitsUntil != nil)
        }
        try await LinkMending(ports).mend()
        _ = try await RecordMending(ports).mend()
        try await NetworkMending(ports).mend()
        let situation = try await Situation.observe(ports, recent: 10)
        guard let live = situation.live else { throw OrchestrationError.nothingDeployed }
        guard let active = situation.active else { throw OrchestrationError.activeUnknown(live) }
        guard let services = situation.services(of: active) else {
            throw OrchestrationError.servicesUnknown(active)
        }
        let planned = try Self.replicas(of: service, index, among: services)
        if planned[0].service.runsOnce(beside: situation.singletons) {
            try situation.containers.refuseSecond(planned[0].service, of: active)
        }
        let targets = try planned.map { replica in
            try Target(replica, DeployedReplica(ports, active, replica), situation)
        }
        if planned[0].service.replicas == 1 {
            ports.reporter.report(
                .warning("\(service) has one replica, and is down until it is up again."))
        }
        return try await restart(
            try await unhealthyFirst(targets), Outcome(service: planned[0].service, active: active))
    }

    private struct Target: Sendable {
        let planned: PlannedReplica
        let container: Container

        init(
            _ planned: PlannedReplica, _ deployed: DeployedReplica, _ situation: Situation
        ) throws {
            guard let container = deployed.container(among: situation.containers) else {
                throw RestartRefusal.noContainer(planned.replica)
            }
            self.planned = planned
            self.container = container
        }
    }

    private static func replicas(
        of name: String, _ index: Int?, among services: [PlannedService]
    ) throws(RestartRefusal) -> [PlannedReplica] {
        guard let service = services.first(where: { $0.name == name }) else {
            throw .unknownService(name, known: services.map(\.name).sorted())
        }
        if service.isOneShot { throw .oneShot(name) }
        let all = [service].containers
        guard let index else { return all }
        guard let one = all.first(where: { $0.index == index }) else {
            throw .unknownReplica(index, of: name, count: all.count)
        }
        return [one]
    }

    private func unhealthyFirst(_ targets: [Target]) async throws -> [Target] {
        guard targets.count > 1 else { return targets }
        let health = try await ReplicaHealth.look(
            at: targets.map(\.container), [targets[0].planned.service], ports)
        try Task.checkCancellation()
        let isBad = { (target: Target) in health[target.container.id]?.isBad ?? true }
        return targets.filter(isBad) + targets.filter { !isBad($0) }
    }

    private func restart(_ targets: [Target], _ begun: Outcome) async throws -> Outcome {
        var outcome = begun
        for (position, target) in targets.enumerated() {
            let replica = target.planned.replica
            outcome.left = targets[position...].map(\.planned.replica)
            if interruption.signal != nil { return outcome }
            ports.reporter.report(.note("restarting \(replica)"))
            outcome.left.removeFirst()
            try await ports.engine.restart(target.container)
            let wait = ReadinessWait(ports, outcome.active, target.planned)
            if case .failed(let failure) = try await wait.wait() {
                outcome.failure = Failed(replica: replica, failure: failure)
                return outcome
            }
            outcome.restarted.append(replica)
        }
        return outcome
    }
}

/// Why nothing was restarted.
package enum RestartRefusal: Error, Hashable, Sendable {
    /// A deployment that waits for a person, or that was cut off.
    case unfinished(number: Int, isWaiting: Bool)
    case unknownService(String, known: [String])
    case unknownReplica(Int, of: String, count: Int)
    case oneShot(String)
    case noContainer(Replica)
}
