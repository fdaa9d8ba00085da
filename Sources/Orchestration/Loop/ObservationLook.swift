import BlueGreen

/// One look at a candidate that has traffic, or a share of it: nginx's figures and its containers.
/// A failed look is a warning and never a trouble.
struct ObservationLook: Sendable {
    private static let fewestLines = 5

    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Parameter since: when the candidate got traffic.
    /// - Throws: nothing but `CancellationError`.
    func look(
        at deployment: Deployment, stage: ObservationStage, since: Timestamp
    ) async throws -> Observation {
        let began = ports.clock.now
        var observation = try await figures(of: deployment, stage)
        guard stage != .before else { return observation }
        let finding = try await CandidateLiveness(ports, deployment, since: since).look()
        let moved = try await LinkWatch(ports, deployment).trouble(in: stage)
        // Nothing is promoted by figures of before an engine took its time.
        if ports.clock.now - began >= Self.freshness {
            observation = try await figures(of: deployment, stage)
        }
        observation.trouble = moved ?? finding.trouble
        observation.warnings += finding.warnings
        return observation
    }

    private static let freshness = Duration.milliseconds(500)

    private func figures(
        of deployment: Deployment, _ stage: ObservationStage
    ) async throws -> Observation {
        var observation = Observation()
        do {
            let figures = try await ports.observer.look()
            observation.previous = deployment.previous.map { figures[$0.colour, default: .none] }
            if stage != .before {
                observation.candidate = figures[deployment.candidate.colour, default: .none]
            }
        } catch let error where !(error is CancellationError) {
            observation.warnings.append("What nginx answered could not be read: \(error)")
        }
        return observation
    }

    /// The last lines of the containers that answer requests; none where they cannot be had.
    func logLines(of deployment: Deployment) async throws -> [String] {
        do {
            let exposed = try await ports.engine.containers()
                .filter { $0.placement == deployment.candidate && $0.role == .exposed }
                .sorted { $0.replica < $1.replica }
            let count = max(DeployedReplica.logLines / max(exposed.count, 1), Self.fewestLines)
            var all: [String] = []
            for container in exposed {
                let lines = try await ports.engine.logs(of: container, lines: count)
                all += exposed.count > 1 ? lines.map { "\(container.replica): \($0)" } : lines
            }
            return all
        } catch let error where !(error is CancellationError) {
            // The failure that they are shown with is worth more than the lines.
            return []
        }
    }
}
