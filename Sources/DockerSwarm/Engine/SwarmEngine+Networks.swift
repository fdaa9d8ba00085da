import BlueGreen
import DockerEngine
import Orchestration

extension SwarmEngine {
    /// Makes those that are missing in either colour. One of the candidate's colour that has other
    /// properties is made anew: only shared services may be in it now.
    func makeNetworks(of plan: SwarmPlan, candidate: Colour) async throws {
        for colour in Colour.allCases {
            for network in plan.networks(in: colour) {
                if let found = try await api.foundNetwork(network.name) {
                    guard found.isOwn(of: app) else {
                        throw SwarmError.foreignNetwork(network.name)
                    }
                    let isSame = found.label(ResourceLabel.properties) == network.digest
                    if isSame || colour != candidate { continue }
                    try await refuseGuests(in: found)
                    try await remove(found)
                }
                try await api.createOverlay(
                    network.name, labels: network.labels, properties: network.properties)
            }
        }
    }

    private func refuseGuests(in network: FoundNetwork) async throws {
        let guests = try await appServices().filter { service in
            service.networks.contains { $0 == network.id || $0 == network.name }
        }
        guard guests.isEmpty else {
            throw SwarmError.networkHeld(network.name, by: guests.map(\.name))
        }
    }

    /// All of the app. Nothing without its label is touched.
    func removeNetworks() async throws {
        for network in try await api.networks(labels: ["\(ResourceLabel.app)=\(app)"])
        where network.isOwn(of: app) {
            try await remove(network)
        }
    }

    private func remove(_ network: FoundNetwork) async throws {
        let deadline = settings.clock.now + Self.networkPatience
        while try await !api.removeNetwork(network.name) {
            guard settings.clock.now < deadline else {
                throw SwarmError.networkInUse(network.name, within: Self.networkPatience)
            }
            try await settings.clock.sleep(until: settings.clock.now + .milliseconds(500))
        }
    }

    /// The swarm's own bookkeeping of a task that ended takes a second or two.
    private static let networkPatience = Duration.seconds(30)

    /// External networks that are missing or of one node, and strangers of the app's own names.
    func networkObstacles(to plan: SwarmPlan) async throws -> [Obstacle] {
        var obstacles: [Obstacle] = []
        for key in plan.networkKeys(of: try plan.services) {
            guard let name = plan.externalNetwork(key) else { continue }
            let found = try await api.foundNetwork(name)
            if let reason = Self.unfitness(of: found, name) {
                obstacles.append(
                    Obstacle(
                        "The network \(key) of the compose file is external, and \(reason). Make "
                            + "it (`docker network create --driver overlay \(name)`), or correct "
                            + "its `name:`."))
            }
        }
        for network in Colour.allCases.flatMap(plan.networks) {
            guard let found = try await api.foundNetwork(network.name), !found.isOwn(of: app)
            else { continue }
            obstacles.append(Obstacle("\(SwarmError.foreignNetwork(network.name))"))
        }
        return obstacles
    }

    private static func unfitness(of found: FoundNetwork?, _ name: String) -> String? {
        guard let found else { return "the swarm has no network \(name)" }
        guard found.isOfSwarm else {
            return "\(name) is a network of this node alone, with the driver \(found.driver)"
        }
        return nil
    }
}
