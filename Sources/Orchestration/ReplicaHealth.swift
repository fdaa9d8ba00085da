package import BlueGreen

/// The finding of one look at one replica.
package enum ReplicaHealth: Hashable, Sendable {
    case healthy
    case unhealthy(Reason)
    /// It has no check, and runs.
    case unchecked
    /// Docker's own check of it has not passed yet since its start, nor failed.
    case starting
    /// It has done its work.
    case done
    /// The run under way has ended it, or has not started it yet, and starts it in its time.
    case waiting

    /// Why a replica is unhealthy.
    package enum Reason: Hashable, Sendable {
        case probe(ProbeFailure)
        case notRunning(Container.State)
        /// It runs now, and has been started again and again.
        case crashing(restarts: Int)
    }

    package var isBad: Bool {
        switch self {
        case .healthy, .unchecked, .starting, .done, .waiting: false
        case .unhealthy: true
        }
    }

    /// Probes the containers that run once, all at the same time.
    ///
    /// - Returns: the health of each container by its id.
    /// - Throws: nothing but `CancellationError`.
    static func look(
        at containers: [Container], _ services: [PlannedService], _ ports: Ports
    ) async throws -> [String: ReplicaHealth] {
        let byName = Dictionary(services.map { ($0.name, $0) }) { first, _ in first }
        return try await withThrowingTaskGroup(of: (String, ReplicaHealth).self) { group in
            for container in containers {
                let service = byName[container.replica.service]
                group.addTask { (container.id, try await look(at: container, service, ports)) }
            }
            var found: [String: ReplicaHealth] = [:]
            for try await (id, health) in group { found[id] = health }
            return found
        }
    }

    private static func look(
        at container: Container, _ service: PlannedService?, _ ports: Ports
    ) async throws -> ReplicaHealth {
        if let end = end(of: container, service, at: ports.clock.now) { return end }
        guard let check = service?.healthCheck else { return .unchecked }
        switch try await ReplicaProbe(ports).result(of: check, container) {
        case .passed, .accepted: return .healthy
        // Docker itself ends that state, by its `start_period` and `retries`.
        case .failed(.reported(.starting, _)): return .starting
        case .failed(let failure): return .unhealthy(.probe(failure))
        }
    }

    /// - Returns: nil for a container that runs and stays up.
    static func end(
        of container: Container, _ service: PlannedService?, at now: Timestamp
    ) -> ReplicaHealth? {
        switch container.state {
        case .running:
            return container.keepsCrashing(at: now)
                ? .unhealthy(.crashing(restarts: container.restarts)) : nil
        case .exited where container.hasDoneItsWork(for: service): return .done
        case .created, .restarting, .exited, .other:
            return .unhealthy(.notRunning(container.state))
        }
    }
}

extension Container {
    /// One that was restarted so often does not stay up.
    private static let restartLimit = 3
    /// After so long it has recovered, as kubelet has it for its back-off.
    private static let recovery = Duration.seconds(600)
    /// After so long Docker's own back-off begins anew.
    private static let shortRun = Duration.seconds(10)

    /// The one rule of what Docker starts again and again, in every look at a replica. The count is
    /// of its whole life, so that a crash now and then is none of it.
    func keepsCrashing(at now: Timestamp) -> Bool {
        guard restarts >= Self.restartLimit else { return false }
        guard state == .running, let startedAt else { return true }
        let usualRun = createdAt.map { (startedAt - $0) / restarts } ?? .zero
        return now - startedAt < (usualRun < Self.recovery ? Self.recovery : Self.shortRun)
    }
}
