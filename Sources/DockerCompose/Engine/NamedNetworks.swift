import BlueGreen
import DockerEngine

/// The colours' networks beside their own ones.
extension ColourNetworks {
    /// Makes those that are missing in either colour. Those of the candidate's colour that the
    /// release has with other properties are made anew, and those that it does not have go: shared
    /// services leave them first.
    func provide(_ wanted: [NamedNetwork], candidate: Colour) async throws {
        let present = try await api.networks()
        for colour in Colour.allCases {
            for network in wanted {
                let name = network.name(of: app, colour)
                if let found = present.first(where: { $0.name == name }) {
                    guard isOwn(found) else { throw DockerError.foreignNetwork(name) }
                    let isSame = found.labels?[ResourceLabel.properties] == network.digest
                    if isSame || colour != candidate { continue }
                    try await clear(name)
                }
                try await create(network, in: colour)
            }
        }
        let names = Set(wanted.map { $0.name(of: app, candidate) })
        for network in present
        where isOwn(network) && network.labels?[ResourceLabel.network] != nil
            && network.labels?[ResourceLabel.colour] == candidate.rawValue
            && !names.contains(network.name)
        {
            try await clear(network.name)
        }
    }

    /// All of the app.
    func removeAll() async throws {
        try await refuseGuests()
        let joined = try await api.containers(labels: []).first { $0.name == nginxContainer }
        for network in try await api.networks() where isOwn(network) {
            if let joined, joined.networkSettings?.networks?[network.name] != nil {
                try await api.disconnect(joined, from: network.name)
            }
            try await api.removeNetwork(network.name)
        }
    }

    /// Looks at all of the app's networks together.
    func refuseGuests() async throws {
        let own = Set(try await api.networks().filter(isOwn).map(\.name))
        try await refuseGuests(in: own, but: nginxContainer)
    }

    private func create(_ network: NamedNetwork, in colour: Colour) async throws {
        let own = [
            ResourceLabel.app: app, ResourceLabel.colour: colour.rawValue,
            ResourceLabel.network: network.key, ResourceLabel.properties: network.digest,
        ]
        try await api.createNetwork(
            network.name(of: app, colour), labels: network.labels.merging(own) { $1 },
            properties: network.properties)
    }

    private func clear(_ name: String) async throws {
        try await refuseGuests(in: [name])
        for container in try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
        where container.networkSettings?.networks?[name] != nil {
            try await api.disconnect(container, from: name)
        }
        try await api.removeNetwork(name)
    }

    private func refuseGuests(in names: Set<String>, but known: String? = nil) async throws {
        var guests: [String: [String]] = [:]
        for container in try await api.containers(labels: [])
        where !container.isOwn(of: app) && container.name != known {
            for name in (container.networkSettings?.networks ?? [:]).keys
            where names.contains(name) {
                guests[name, default: []].append(container.name)
            }
        }
        guard guests.isEmpty else {
            throw DockerError.networksInUse(guests.mapValues { $0.sorted() })
        }
    }
}
