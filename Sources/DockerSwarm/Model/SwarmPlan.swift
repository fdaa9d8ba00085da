package import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// The choices of teal.yml that only a swarm needs.
package struct SwarmChoices: Hashable, Codable, Sendable {
    /// By exposed service: the ports at which every node publishes blue and green.
    package var ports: [String: ColourPorts]
    /// By service: the node that it stays on.
    package var pins: [String: String]
    /// Where the images are pushed that no registry has, `registry.example:5000/shop`.
    package var registry: String?

    package init(
        ports: [String: ColourPorts] = [:], pins: [String: String] = [:], registry: String? = nil
    ) {
        self.ports = ports
        self.pins = pins
        self.registry = registry
    }
}

/// Two ports of every node, one for each colour.
package struct ColourPorts: Hashable, Codable, Sendable {
    package let blue: Int
    package let green: Int

    package init(blue: Int, green: Int) {
        self.blue = blue
        self.green = green
    }

    package subscript(colour: Colour) -> Int {
        switch colour {
        case .blue: blue
        case .green: green
        }
    }
}

/// One release of an app as values, of which its Swarm services are made.
struct SwarmPlan: Hashable, Sendable {
    let project: ComposeProject
    let settings: [String: ServiceSettings]
    let choices: SwarmChoices
    let release: ReleaseID
    /// By service, as every node finds them: `shop/web@sha256:...`, or an image's id. Empty until
    /// they are known.
    var images: [String: String] = [:]
    /// The objects of its configs and secrets; not those that are made outside of Teal.
    var objects: [SwarmObject] = []
    /// By kind and name, for the services that are made now. Of this day, and never recorded.
    var objectIDs: [SwarmObject.Kind: [String: String]] = [:]

    var app: String { project.app }

    /// In start order.
    var services: [PlannedService] {
        get throws { try project.plan(settings) }
    }

    func model(of service: PlannedService) -> ComposeService {
        ComposeService(
            name: service.name, model: project.model["services"]?[service.name] ?? [:])
    }

    /// The image's name in the compose file, or the one that Compose gives what it builds; empty
    /// where it has none.
    func imageName(of service: PlannedService) -> String {
        let named = model(of: service).model["image"]?.string
        return named ?? (isBuilt(service) ? "\(app)-\(service.name)" : "")
    }

    func isBuilt(_ service: PlannedService) -> Bool { model(of: service).model["build"] != nil }

    /// For Compose to build by.
    var buildModel: JSONValue {
        get throws {
            var model = project.model
            for service in try services where isBuilt(service) {
                // Written down, so that it cannot be another one.
                model["services"]?[service.name]?["image"] = .string(imageName(of: service))
            }
            return model
        }
    }

    func grace(of service: PlannedService) -> Duration {
        settings[service.name]?.stopGrace ?? model(of: service).stopGrace ?? .seconds(10)
    }

    static func name(_ app: String, _ colour: Colour?, _ service: String) -> String {
        let project = colour.map { ResourceNames.project(app, $0) }
        return "\(project ?? ResourceNames.sharedProject(app))-\(service)"
    }

    /// The engine's value for a new service, without tasks.
    ///
    /// - Parameter colour: nil for a shared service.
    func spec(of service: PlannedService, in colour: Colour?) -> JSONValue {
        let own = model(of: service)
        var labels: [String: JSONValue] = own.model["deploy"]?["labels"]?.object ?? [:]
        labels[ResourceLabel.app] = .string(app)
        labels[ResourceLabel.service] = .string(service.name)
        labels[ResourceLabel.role] = .string(service.role.rawValue)
        labels[ResourceLabel.replica] = .string("\(service.replicas)")
        if let colour {
            labels[ResourceLabel.colour] = .string(colour.rawValue)
            labels[ResourceLabel.release] = .string(release.text)
        }
        return [
            "Name": .string(Self.name(app, colour, service.name)),
            "Labels": .object(labels),
            "Mode": SwarmService.mode(isJob: service.isOneShot, 0),
            "TaskTemplate": [
                "ContainerSpec": SwarmContainer(self, service, own).spec,
                "Resources": SwarmResources(own).spec,
                "RestartPolicy": SwarmRestart(own, isJob: service.isOneShot).spec,
                "Placement": placement(of: service),
                "Networks": attachments(of: service, in: colour.map { [$0] } ?? Colour.allCases),
            ],
            "EndpointSpec": endpoint(of: service, in: colour),
        ]
    }

    /// Each node publishes the port itself: neither the ingress network nor a virtual address is
    /// between nginx and the container.
    private func endpoint(of service: PlannedService, in colour: Colour?) -> JSONValue {
        var endpoint: JSONValue = ["Mode": "dnsrr"]
        guard let colour, let port = service.port, let ports = choices.ports[service.name] else {
            return endpoint
        }
        endpoint["Ports"] = [
            [
                "Protocol": "tcp", "PublishMode": "host", "TargetPort": .integer(Int64(port)),
                "PublishedPort": .integer(Int64(ports[colour])),
            ]
        ]
        return endpoint
    }

    private func placement(of service: PlannedService) -> JSONValue {
        let constraints = constraints(of: service)
        return constraints.isEmpty ? [:] : ["Constraints": .array(constraints)]
    }

    /// In the swarm's own words, `node.role==manager`.
    func constraints(of service: PlannedService) -> [JSONValue] {
        let deploy = model(of: service).model["deploy"]
        var constraints = deploy?["placement"]?["constraints"]?.array ?? []
        if let node = choices.pins[service.name] {
            constraints.append(.string("node.hostname==\(node)"))
        }
        return constraints
    }
}
