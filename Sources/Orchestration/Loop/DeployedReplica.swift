import BlueGreen

/// One container of a set in its colour, and how it is found among those of the engine.
struct DeployedReplica: Sendable {
    static let logLines = 20

    private let ports: Ports
    private let placement: Placement
    let service: PlannedService
    let replica: Replica
    /// A container that ran before this run was judged then: how often it was started in its life
    /// tells nothing of now, and the way back to it stays open.
    let ranBefore: Bool

    init(
        _ ports: Ports, _ placement: Placement, _ container: PlannedReplica, ranBefore: Bool = false
    ) {
        self.ports = ports
        self.placement = placement
        self.ranBefore = ranBefore
        service = container.service
        replica = container.replica
    }

    /// A one-shot is judged by its end, whatever its service's check says.
    var check: HealthCheck? { service.isOneShot ? nil : service.healthCheck }

    func look() async throws -> Container? {
        container(among: try await ports.engine.containers())
    }

    /// - Parameter known: as it was seen last, where the engine does not answer now.
    func look(orElse known: Container?) async throws -> Container? {
        do {
            return try await look()
        } catch let error where !(error is CancellationError) {
            return known
        }
    }

    func container(among all: [Container]) -> Container? {
        all.first { container in
            guard container.replica == replica else { return false }
            return service.role == .shared
                ? container.role == .shared : container.placement == placement
        }
    }

    /// A container that has ended tells more than any probe of it.
    func ending(of container: Container?) async throws -> Failure? {
        guard let container else { return nil }
        switch container.state {
        case .exited(let code, let outOfMemory):
            if container.hasDoneItsWork(for: service) { return nil }
            if outOfMemory { return try await kill(of: container, code) }
            return try await failure(
                .exited(replica, code: code), container, "ended with exit code \(code).")
        case .restarting, .running:
            guard !ranBefore, container.keepsCrashing(at: ports.clock.now) else { return nil }
            return try await failure(
                .unhealthy(replica), container,
                "was restarted \(container.restarts) times and does not stay up.")
        case .created:
            guard let reason = container.unplaced else { return nil }
            return try await failure(
                .noNode, container, "has found no node that may run it: \(reason).")
        case .other:
            return nil
        }
    }

    /// - Parameter predicate: what is to be said of the replica.
    func failure(
        _ cause: Failure.Cause, _ container: Container?, _ predicate: String
    ) async throws -> Failure {
        let name = service.role == .shared ? "\(replica)" : "\(placement.colour) \(replica)"
        return Failure(
            cause, "\(name) \(predicate)", logLines: try await ports.lastLines(of: container))
    }

    private func kill(of container: Container, _ code: Int) async throws -> Failure {
        let ending = ContainerEnding(
            replica: replica, placement: container.placement, exitCode: code, isOutOfMemory: true,
            at: ports.clock.now)
        let account = OutOfMemory(
            ending, limit: container.memoryLimit, least: try await ports.hostNow(),
            memoryFree: SettleBounds().memoryFree)
        return try await failure(account.cause, container, account.predicate(""))
    }
}
