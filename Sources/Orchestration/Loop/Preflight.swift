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
        var obstacles = ofEngine + ofRouter
        if deployment.kind != .deploy { obstacles = goingBack(obstacles) }
        guard obstacles.isEmpty else { throw OrchestrationError.obstacles(obstacles) }
    }

    /// A release of before can be changed no more, and the site can. Someone who goes back may want
    /// most of it at once.
    private func goingBack(_ obstacles: [Obstacle]) -> [Obstacle] {
        var left: [Obstacle] = []
        for obstacle in obstacles {
            guard obstacle.hindersWayBack else {
                ports.reporter.report(.warning(obstacle.description))
                continue
            }
            guard let loss = obstacle.loss else {
                left.append(obstacle)
                continue
            }
            switch ports.missingServices {
            case .refused: left.append(Obstacle("\(loss.finding) \(loss.remedy)"))
            case .accepted: ports.reporter.report(.warning(loss.finding))
            }
        }
        return left
    }
}

/// A service that the site asks for and that the release to go back to does not have.
package enum MissingServices: Sendable {
    case refused
    /// Its requests are answered with 503.
    case accepted
}

/// Something on the host that keeps a release from being deployed, with its remedy.
package struct Obstacle: Hashable, Sendable, CustomStringConvertible {
    /// Sentences: what is in the way, why it is, and the line to run.
    package let description: String
    /// The part of a site that a way back by hand may do without; nil where it may not.
    package let loss: Loss?
    /// Whether a way back by hand may not pass it either.
    package let hindersWayBack: Bool

    package init(_ description: String, loss: Loss? = nil, hindersWayBack: Bool = true) {
        self.description = description
        self.loss = loss
        self.hindersWayBack = hindersWayBack
    }

    /// Whole sentences.
    package struct Loss: Hashable, Sendable {
        package let finding: String
        package let remedy: String

        package init(_ finding: String, remedy: String) {
            self.finding = finding
            self.remedy = remedy
        }
    }
}

extension ReleaseDraft {
    /// All that a deploy of this draft would be refused for before it touches anything.
    package func allObstacles(_ router: any TrafficRouter) async throws -> [Obstacle] {
        try await obstacles() + router.obstacles(to: services)
    }
}
