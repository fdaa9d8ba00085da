import BlueGreen

/// The question before traffic moves: whether nginx reaches the exposed services of a colour. Teal
/// itself may reach what SELinux, a firewall or a missing network keeps from nginx.
struct EdgeCheck: Sendable {
    /// A worker that was just started, or a busy host, gets so much time between two attempts.
    private static let pause = Duration.milliseconds(500)
    /// For a service without a check.
    private static let usualAttempts = 3

    private let ports: Ports
    private let deployment: Deployment
    private var colour: Colour { deployment.candidate.colour }

    init(_ ports: Ports, _ deployment: Deployment) {
        self.ports = ports
        self.deployment = deployment
    }

    func pass() async throws -> StepResult {
        for service in deployment.services where service.role == .exposed {
            if let failure = try await failure(of: service) { return .failed(failure) }
        }
        return .done
    }

    /// - Returns: nil where the service is reached.
    private func failure(of service: PlannedService) async throws -> Failure? {
        let attempts = max(service.healthCheck?.fall ?? Self.usualAttempts, 1)
        for attempt in 1... {
            let result = await ports.edge.probe(service, through: .colour(colour))
            try Task.checkCancellation()
            if result == .passed { return nil }
            if attempt == attempts { return failure(result, of: service, attempts: attempts) }
            try await ports.clock.sleep(until: ports.clock.now + Self.pause)
        }
        return nil
    }

    private func failure(
        _ result: EdgeResult, of service: PlannedService, attempts: Int
    ) -> Failure? {
        let times = attempts > 1 ? " (\(attempts) times in a row)" : ""
        switch result {
        case .passed: return nil
        case .brokenEdge(let fault):
            return Failure(
                fault.meaning?.cause ?? .edge(service: service.name),
                "\(colour) \(service.name) is up, but nginx \(fault.predicate)\(times), so no "
                    + "visitor would get to it. \(fault.remedy)")
        case .brokenApp(let reason):
            return Failure(
                .step(phase: deployment.phaseName),
                "\(colour) \(service.name) passed its check, but by way of nginx the same request "
                    + "\(reason)\(times), and visitors come that way too.")
        }
    }
}
