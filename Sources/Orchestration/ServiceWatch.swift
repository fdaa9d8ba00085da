import BlueGreen

/// Looks at the containers of a set until they are up or cannot be any more.
struct ServiceWatch: Sendable {
    private let ports: Ports
    private let placement: Placement

    init(_ ports: Ports, _ placement: Placement) {
        self.ports = ports
        self.placement = placement
    }

    func awaitUp(_ container: PlannedReplica) async throws -> StepResult {
        let began = ports.clock.now
        let watch = ReplicaWatch(ports, placement, container)
        if let failure = try await watch.awaitUp() { return .failed(failure) }
        ports.reporter.report(.up(container.replica, after: ports.clock.now - began))
        return .done
    }

    /// One look at a container that was up before: it still runs, and its check still passes.
    ///
    /// - Returns: nil when it is as it should be.
    func verify(_ container: PlannedReplica) async throws -> Failure? {
        let watch = ReplicaWatch(ports, placement, container)
        let found = watch.container(among: try await ports.engine.containers())
        return try await watch.trouble(with: found, .beforeTraffic)
    }
}
