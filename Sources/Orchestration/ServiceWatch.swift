import BlueGreen

/// Looks at one service of a candidate until it is up or cannot be any more.
struct ServiceWatch: Sendable {
    private let ports: Ports
    private let placement: Placement

    init(_ ports: Ports, _ placement: Placement) {
        self.ports = ports
        self.placement = placement
    }

    /// All replicas at once; the first one that fails ends it.
    func awaitUp(_ service: PlannedService) async throws -> StepResult {
        let began = ports.clock.now
        let failure = try await withThrowingTaskGroup(of: Failure?.self) { group in
            for index in 1...service.replicas {
                group.addTask {
                    let replica = Replica(service: service.name, index: index)
                    return try await ReplicaWatch(ports, placement, service, replica).awaitUp()
                }
            }
            for try await failure in group {
                if let failure {
                    group.cancelAll()
                    return Failure?.some(failure)
                }
            }
            return nil
        }
        if let failure { return .failed(failure) }
        ports.reporter.report(.up(service, after: ports.clock.now - began))
        return .done
    }

    /// One look at a service that was up before: it still runs, and its check still passes.
    ///
    /// - Returns: nil when it is as it should be.
    func verify(_ service: PlannedService) async throws -> Failure? {
        for index in 1...service.replicas {
            let replica = Replica(service: service.name, index: index)
            let watch = ReplicaWatch(ports, placement, service, replica)
            if let failure = try await watch.verify() { return failure }
        }
        return nil
    }
}
