import BlueGreen

/// Looks for all that has to be put right before a deployment touches anything. Every deploy and
/// every way back by hand begins so; `check` and `plan` look at the same.
struct Preflight: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Throws: `OrchestrationError.obstacles`.
    func pass(_ deployment: Deployment) async throws {
        let ofEngine = try await ports.engine.obstacles(
            to: deployment.candidate, deployment.kind)
        let ofRouter = try await ports.router.obstacles(to: deployment.services)
        let obstacles = ofEngine + ofRouter
        guard obstacles.isEmpty else { throw OrchestrationError.obstacles(obstacles) }
    }
}

/// Something on the host that keeps a release from being deployed, with its remedy.
package struct Obstacle: Hashable, Sendable, CustomStringConvertible {
    /// Sentences: what is in the way, why it is, and the line to run.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension ReleaseDraft {
    /// All that a deploy of this draft would be refused for before it touches anything.
    package func allObstacles(_ router: any TrafficRouter) async throws -> [Obstacle] {
        try await obstacles() + router.obstacles(to: services)
    }
}
