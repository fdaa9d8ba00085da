package import BlueGreen
import DockerEngine
import Orchestration

extension SwarmEngine {
    /// A node that does not answer is waited for until the swarm holds it for down: the container
    /// there may run on, and the next one must not run beside it.
    package func stopSingletons(
        of colour: Colour, and services: Set<String>
    ) async throws -> [String] {
        let meant = try await api.services(labels: labels(of: colour)).filter { service in
            guard let name = service.label(ResourceLabel.service),
                let role = service.label(ResourceLabel.role).flatMap(ServiceRole.init)
            else { return false }
            return role.runsOnce(name, beside: services)
        }
        guard !meant.isEmpty else { return [] }
        for service in meant where service.replicas ?? 0 > 0 {
            try await change(service) { $0.scaled(to: 0) }
        }
        let limit = (meant.map(\.grace).max() ?? .zero) + Self.untilDown
        let deadline = settings.clock.now + limit
        while true {
            let end = SingletonEnd(try await api.tasks(of: meant), try await api.nodes())
            if end.present.isEmpty { return end.losses(of: meant) }
            guard settings.clock.now < deadline else {
                throw SwarmError.stillRunning(end.names(of: meant), within: limit)
            }
            try await settings.clock.sleep(until: settings.clock.now + .milliseconds(200))
        }
    }

    /// Managers miss a node after three heartbeats of five seconds; new leaders give it longer.
    private static let untilDown = Duration.seconds(60)
}

/// The containers of singletons that may still run although nobody wants them. Pure.
struct SingletonEnd: Sendable {
    /// On nodes that are not down.
    let present: [SwarmTask]
    private let lost: [(task: SwarmTask, node: SwarmNode)]

    init(_ tasks: [SwarmTask], _ nodes: [SwarmNode]) {
        let running = tasks.filter(\.mayRun)
        let down = Dictionary(nodes.filter { $0.state == "down" }.map { ($0.id, $0) }) { $1 }
        lost = running.compactMap { task in down[task.nodeID].map { (task, $0) } }
        present = running.filter { down[$0.nodeID] == nil }
    }

    func names(of services: [SwarmService]) -> [String] {
        services.filter { service in present.contains { $0.serviceID == service.id } }.map(\.name)
    }

    /// One sentence for each node that is down with a container that may run on.
    func losses(of services: [SwarmService]) -> [String] {
        services.flatMap { service in
            lost.filter { $0.task.serviceID == service.id }.map { _, node in
                "\(node.name) is down: if a container of \(service.name) still runs there, it runs "
                    + "beside the new one until the node is back or off."
            }
        }
    }
}
