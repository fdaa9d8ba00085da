import BlueGreen

/// The evidence that a deployment ends well: the running nginx sends requests to the candidate, and
/// the candidate's containers are alive.
///
/// A lack of evidence is no evidence. A release that cannot be seen, or that could not be gone back
/// from, is not promoted.
struct Proof: Sendable {
    /// How long an engine may not answer, as while it is started anew.
    private static let patience = Duration.seconds(30)
    private static let pause = Duration.seconds(1)

    private let ports: Ports
    private let deployment: Deployment

    init(_ ports: Ports, _ deployment: Deployment) {
        self.ports = ports
        self.deployment = deployment
    }

    func prove(until: Timestamp) async throws -> StepResult {
        if let moved = try await LinkWatch(ports, deployment).trouble() { return .failed(moved) }
        let division = Division(deployment.candidate.colour)
        // A link that cannot be written would keep the candidate's traffic whatever it answers.
        if deployment.kind == .deploy { try await ports.router.route(division) }
        try await ports.router.confirm(division)
        if let failure = try await trouble(until: until) { return .failed(failure) }
        return .done
    }

    private func trouble(until: Timestamp) async throws -> Failure? {
        let end = ports.clock.now + Self.patience
        let liveness = CandidateLiveness(
            ports, deployment, since: deployment.hadTrafficSince)
        while true {
            let finding = try await liveness.look()
            if let trouble = finding.trouble { return trouble }
            let now = ports.clock.now
            if let warning = finding.warnings.first {
                guard now < end else {
                    return Failure(.step(phase: deployment.phaseName), warning)
                }
            } else if now >= until {
                return nil
            }
            try await ports.clock.sleep(until: now + Self.pause)
        }
    }
}
