import BlueGreen

/// One look at a candidate that has traffic.
struct ObservationLook: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    func look(
        at deployment: Deployment, stage: ObservationStage, since: Timestamp
    ) async throws -> Observation {
        let figures = try await ports.observer.look()
        return Observation(
            candidate: figures[deployment.candidate.colour],
            previous: deployment.previous.flatMap { figures[$0.colour] })
    }

    func logLines(of deployment: Deployment) async throws -> [String] {
        []
    }
}
