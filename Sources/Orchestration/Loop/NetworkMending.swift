import BlueGreen

/// Brings the app's containers back into the networks that they lost. Every command that moves
/// traffic or restarts something does so first.
struct NetworkMending: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// A failure keeps nobody from going on: what comes next meets it where it matters.
    func mend() async throws {
        do {
            _ = try await reconnect()
        } catch let error where !(error is CancellationError) {
            ports.reporter.report(
                .warning("Whether a container lost its network is not known: \(error)"))
        }
    }

    /// - Returns: the containers that the engine could not bring back.
    /// - Throws: where the engine does not answer.
    func reconnect() async throws -> [Reconnection] {
        let found = try await ports.engine.reconnect()
        for reconnection in found { ports.reporter.report(.warning("\(reconnection)")) }
        return found.filter { $0.refusal != nil }
    }
}
