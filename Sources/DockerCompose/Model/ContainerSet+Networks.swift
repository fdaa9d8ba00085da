import BlueGreen
import DockerEngine

/// A container's part in the networks.
extension ContainerSet {
    /// The engine's names of all networks that the set needs, in both colours.
    var networkNames: Set<String> {
        let named = project.namedNetworks
        return Set(
            Colour.allCases.flatMap { colour in
                [ResourceNames.project(app, colour)] + named.map { $0.name(of: app, colour) }
            })
    }

    /// - Parameters:
    ///   - colours: one, or both for a shared service.
    ///   - address: in the colour's own network.
    func networks(
        of service: PlannedService, in colours: [Colour], address: String? = nil
    ) -> JSONValue {
        var networks = externalNetworks(of: service)
        for colour in colours {
            for key in ownNetworks(of: service) {
                networks[networkName(key, colour)] = [
                    "aliases": aliases(of: service, in: key)
                ]
            }
            if service.role == .exposed {
                let own = ResourceNames.project(app, colour)
                if networks[own] == nil { networks[own] = [:] }
                networks[own]?["ipv4_address"] = address.map(JSONValue.string)
            }
        }
        return .object(networks)
    }

    /// As the compose file calls those that exist once per colour.
    func ownNetworks(of service: PlannedService) -> [String] {
        ComposeService(name: service.name, model: model(of: service)).networkKeys
            .filter { externalNetworks[$0] == nil }
    }

    private func networkName(_ key: String, _ colour: Colour) -> String {
        project.isNamed(key)
            ? ResourceNames.network(app, colour, key) : ResourceNames.project(app, colour)
    }

    /// The service's name, and what the compose file calls it there besides.
    private func aliases(of service: PlannedService, in key: String) -> JSONValue {
        let own = model(of: service)["networks"]?[key]?["aliases"]?.array ?? []
        var all: [String] = []
        for alias in [service.name] + own.compactMap(\.string) + project.claims(of: service.name)
        where !all.contains(alias) {
            all.append(alias)
        }
        return .array(all.map(JSONValue.string))
    }
}
