import BlueGreen

/// Probes one replica once, with the port that can make its kind of check.
struct ReplicaProbe: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Throws: what the engine throws where it does not answer.
    func probe(_ container: Container, _ check: HealthCheck) async throws -> ProbeResult {
        switch check.method {
        case .http, .tcp:
            guard let address = container.address else {
                // It may still wait for its turn, its image or a host that has room.
                guard container.state == .created else { return .failed(.noAddress) }
                return .failed(.reported(.starting, output: container.healthOutput))
            }
            return await ports.probe.probe(check, at: address)
        case .command(let command):
            return try await ports.engine.execute(command, in: container, timeout: check.timeout)
        case .docker:
            switch container.health {
            case .healthy: return .passed
            case .starting: return .failed(.reported(.starting, output: container.healthOutput))
            case .unhealthy:
                return .failed(.reported(.unhealthy, output: container.healthOutput))
            case nil: return .failed(.noHealthCheck)
            }
        }
    }

    /// The same where an engine that does not answer is one more reason to fail.
    ///
    /// - Throws: nothing but `CancellationError`.
    func result(of check: HealthCheck, _ container: Container?) async throws -> ProbeResult {
        guard let container else { return .failed(.noContainer) }
        do {
            return try await probe(container, check)
        } catch let error where !(error is CancellationError) {
            return .failed(.other("\(error)"))
        }
    }
}
