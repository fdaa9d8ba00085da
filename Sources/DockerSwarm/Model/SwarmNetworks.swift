import BlueGreen
import DockerEngine
import Orchestration

/// A network of the app in one colour, as it is to be made.
struct SwarmNetwork: Hashable, Sendable {
    let name: String
    /// The engine's values beside name, driver and labels.
    let properties: JSONValue
    let labels: [String: String]

    /// Tells its properties apart from those of another day; nil for the colour's own, which has
    /// none.
    var digest: String? { labels[ResourceLabel.properties] }
}

/// The networks of the compose file: each exists once per colour, as on one host. A service that
/// names none is in its colour's own.
extension SwarmPlan {
    func networks(in colour: Colour) -> [SwarmNetwork] {
        let labels = [ResourceLabel.app: app, ResourceLabel.colour: colour.rawValue]
        let own = SwarmNetwork(
            name: ResourceNames.project(app, colour), properties: [:], labels: labels)
        return [own]
            + project.namedNetworks.map { network in
                let more = [
                    ResourceLabel.network: network.key, ResourceLabel.properties: network.digest,
                ]
                return SwarmNetwork(
                    name: network.name(of: app, colour), properties: network.properties,
                    labels: network.labels.merging(labels) { $1 }.merging(more) { $1 })
            }
    }

    /// The engine's values for a service that is in these colours.
    ///
    /// An exposed one is always in its colour's own network as well: no port is published of a
    /// container that is only in networks with `internal: true`.
    func attachments(of service: PlannedService, in colours: [Colour]) -> JSONValue {
        let own = model(of: service)
        var attachments: [JSONValue] = own.networkKeys.flatMap { key -> [JSONValue] in
            let targets = externalNetwork(key).map { [$0] } ?? colours.map { name(key, $0) }
            let aliases = aliases(of: own, in: key)
            return targets.map { ["Target": .string($0), "Aliases": aliases] }
        }
        for name in colours.map({ ResourceNames.project(app, $0) })
        where service.role == .exposed
            && !attachments.contains(where: { $0["Target"]?.string == name })
        {
            attachments.append(["Target": .string(name)])
        }
        return .array(attachments)
    }

    private func name(_ key: String, _ colour: Colour) -> String {
        project.isNamed(key)
            ? ResourceNames.network(app, colour, key) : ResourceNames.project(app, colour)
    }

    private func aliases(of own: ComposeService, in key: String) -> JSONValue {
        let others = own.model["networks"]?[key]?["aliases"]?.array ?? []
        let claims = project.claims(of: own.name).map(JSONValue.string)
        return .array([.string(own.name)] + others + claims)
    }

    func network(_ key: String) -> JSONValue { project.model["networks"]?[key] ?? [:] }

    /// Its name in the swarm; nil for one that Teal makes.
    func externalNetwork(_ key: String) -> String? {
        let network = network(key)
        guard network["external"]?.bool == true else { return nil }
        return network["name"]?.string ?? key
    }

    /// As the compose file calls those that the services are in, in order.
    func networkKeys(of services: [PlannedService]) -> [String] {
        Set(services.flatMap { model(of: $0).networkKeys }).sorted()
    }
}

extension SwarmProblems {
    /// Service keys of a network that a task cannot have.
    static func networkPredicates(of own: ComposeService) -> [String] {
        (own.model["networks"]?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { key, use in
            (use.object ?? [:]).sorted { $0.key < $1.key }
                .filter { $0.key != "aliases" && !$0.value.isNothing }.map {
                    "has `\($0.key):` in the network \(key), which `engine: swarm` refuses: a task "
                        + "may run on any node, and the swarm gives it its place in a network."
                }
        }
    }

    private static let bridgeOptions = "com.docker.network.bridge."

    /// The properties of a network that an overlay network has not.
    static func problems(of network: JSONValue, named key: String) -> [ServiceProblem] {
        var reasons: [String] = []
        let driver = network["driver"]?.string ?? "overlay"
        if driver != "overlay", driver != "bridge" {
            reasons.append("`driver: \(driver)`: a swarm has overlay networks only")
        }
        if network["enable_ipv4"]?.bool == false {
            reasons.append("`enable_ipv4: false`: an overlay network has IPv4")
        }
        let options = (network["driver_opts"]?.object ?? [:]).keys.sorted()
        reasons += options.filter { $0.hasPrefix(bridgeOptions) }.map {
            "the option \($0): an overlay network is no bridge"
        }
        return reasons.map {
            ServiceProblem("", "The network \(key) has \($0). Take it out of the compose file.")
        }
    }
}
