import BlueGreen
import DockerEngine

/// The networks of an app. Each colour has one of its own, with a subnet that it keeps, so that
/// exposed replicas can have addresses that stay; others are as the compose file has them.
///
/// Docker picks the subnet from its own pools, but lets containers choose addresses only in a
/// network that was created with a given one. So the network is made twice: once to see what
/// Docker picks, then again with that. Fixed addresses are in the lower half; the upper one is
/// the range that Docker hands out by itself, so that the two never meet.
struct ColourNetworks: Sendable {
    let app: String
    let api: EngineAPI
    /// The name of the container that Teal itself joins to the colours' own networks.
    var nginxContainer: String?

    private static let fixed = "fixed"
    /// Between the two creations somebody else may get the subnet; then another one is tried.
    private static let attempts = 5

    /// Makes the network where it is missing. One that was left half made is made again.
    func ensure(_ colour: Colour) async throws -> IPv4Subnet {
        var attempt = 1
        while true {
            if let subnet = try await existing(colour) { return subnet }
            do {
                try await create(colour)
            } catch let error as DockerError {
                guard case .engine = error, attempt < Self.attempts else { throw error }
            }
            attempt += 1
        }
    }

    /// The subnet of a network that stands as it is kept, from a look that changes nothing; nil
    /// where `ensure` would have to make it.
    func find(_ colour: Colour) async throws -> IPv4Subnet? {
        let name = ResourceNames.project(app, colour)
        guard let network = try await api.inspectNetwork(name) else { return nil }
        guard isOwn(network) else { throw DockerError.foreignNetwork(name) }
        return network.labels?[ResourceLabel.subnet] == Self.fixed ? network.subnet : nil
    }

    func isOwn(_ network: InspectedNetwork) -> Bool {
        network.labels?[ResourceLabel.app] == app
    }

    private func existing(_ colour: Colour) async throws -> IPv4Subnet? {
        let name = ResourceNames.project(app, colour)
        guard let network = try await api.inspectNetwork(name) else { return nil }
        guard isOwn(network) else { throw DockerError.foreignNetwork(name) }
        if network.labels?[ResourceLabel.subnet] == Self.fixed, let subnet = network.subnet {
            return subnet
        }
        try await api.removeNetwork(name)
        return nil
    }

    private func create(_ colour: Colour) async throws {
        let name = ResourceNames.project(app, colour)
        var labels = [ResourceLabel.app: app, ResourceLabel.colour: colour.rawValue]
        try await api.createNetwork(name, labels: labels)
        let picked = try await api.inspectNetwork(name)
        try await api.removeNetwork(name)
        guard let subnet = picked?.subnet else { return }
        guard subnet.fixedHosts.count >= 20 else {
            throw DockerError.smallNetwork(name, subnet: subnet.description)
        }
        labels[ResourceLabel.subnet] = Self.fixed
        var range: JSONValue = [
            "Subnet": .string(subnet.description),
            "IPRange": .string(subnet.upperHalf.description),
        ]
        range["Gateway"] = .string(picked?.gateway ?? subnet.address(ofHost: 1))
        try await api.createNetwork(
            name, labels: labels, addressing: ["Driver": "default", "Config": [range]])
    }
}
