import BlueGreen
import Yams

/// The engine that runs an app's containers.
enum EngineChoice: String, CaseIterable, Hashable, Sendable {
    /// Docker Compose, on this host.
    case compose
    /// Docker Swarm, on all its nodes.
    case swarm
}

/// The nodes whose nginx takes visitors, and the program that they run for Teal.
struct EdgesAccess: Hashable, Sendable {
    enum Nodes: Hashable, Sendable {
        case all
        case managers
        /// By their names in `docker node ls`.
        case named([String])
    }

    var nodes = Nodes.all
    /// Required: every edge needs it.
    var image: String?
}

/// The choices that only a swarm needs.
struct SwarmAccess: Hashable, Sendable {
    /// By exposed service: the ports of blue and green on every node.
    var ports: [String: [Int]] = [:]
    /// By service: the node that it stays on.
    var pins: [String: String] = [:]
    /// How long all edges may take to confirm one change.
    var switchTimeout = Duration.seconds(30)
    var absent = Absent.refuse

    /// The answer to a deploy while an edge is absent.
    enum Absent: String, CaseIterable, Hashable, Sendable {
        case refuse
        /// The edge is passed over, and the colour that it may send requests to runs on.
        case proceed
    }
}

extension ConfigurationReader {
    static let edgesSection = Section<EdgesAccess>(
        "edges", showing: ["nodes", "image"],
        [
            Key("nodes", "all", \.nodes, Reading { $0.edgeNodes($1, example: $2) }),
            Key("image", "registry.example:5000/teal-edge:1", \.image, .imageName),
        ])

    static let swarmSection = Section<SwarmAccess>(
        "swarm", showing: ["ports"],
        [
            Key(
                "ports", "{web: [18081, 18082]}", \.ports,
                Reading { $0.colourPorts($1, example: $2) }),
            Key("pin", "{db: node2}", \.pins, Reading { $0.pins($1, example: $2) }),
            Key("switch_timeout", "30s", \.switchTimeout, .duration(atLeast: .seconds(5))),
            Key("absent", "proceed", \.absent, .word),
        ])

    /// Keys of the file that say what `engine: swarm` cannot do yet.
    private static let refused = [
        "switch": "edges are switched by their link",
        "preview": "edges have no preview yet",
        "disk": "images lie on the nodes",
        "watch": "`teal watch` does not know nodes yet",
    ]

    /// The same inside other keys.
    private static let refusedInside = [
        ("start", "at_most", "each node has a load of its own"),
        ("start", "settle", "each node has a load of its own"),
        ("nginx", "container", "edges have their nginx on the host"),
    ]

    /// A key that holds for one engine only is never ignored by the other.
    mutating func judgeEngine(_ entries: [String: Field], _ app: inout AppConfiguration) {
        switch app.engine {
        case .compose:
            for key in ["edges", "swarm", "registry"] {
                guard let field = entries[key] else { continue }
                note(
                    "\(key) has no meaning without `engine: swarm`: add that, or remove this",
                    at: field)
            }
        case .swarm:
            if app.registry == nil, let field = entries["build"] {
                note(
                    "build does not work with `engine: swarm` and without a registry for the "
                        + "images: name one (`registry:`), or remove this",
                    at: field)
            }
            for (key, reason) in Self.refused.sorted(by: { $0.key < $1.key }) {
                guard let field = entries[key] else { continue }
                refuse(key, reason, at: field)
            }
            if app.deployment.room == .stopFirst, let field = entries["room"] {
                note(
                    "room: stop-first does not work with `engine: swarm`: no colour of a swarm is "
                        + "stopped for the other one; say `refuse` or `warn`",
                    at: field)
            }
            for (section, key, reason) in Self.refusedInside {
                refuse(key, in: entries[section], reason)
            }
            refuseInServices(entries["services"])
            refuseHooksInside(entries["hooks"], app)
            if app.edges.image == nil {
                note(
                    "engine: swarm needs `edges: {image: IMAGE}`, the image with Teal that every "
                        + "edge runs",
                    at: entries["edges"] ?? entries["engine"] ?? entries["app"]
                        ?? Field(path: "", node: ""))
            }
            app.deployment.startAtMost = .zero
        }
    }

    private mutating func refuse(_ key: String, _ reason: String, at field: Field) {
        note("\(key) does not work with `engine: swarm`: \(reason); remove it", at: field)
    }

    private mutating func refuse(_ key: String, in field: Field?, _ reason: String) {
        guard let field, let node = field.node[key] else { return }
        refuse("\(field.path).\(key)", reason, at: Field(path: key, node: node))
    }

    private mutating func refuseInServices(_ field: Field?) {
        guard let field, case .mapping(let mapping) = field.node else { return }
        for (name, node) in mapping {
            let service = Field(path: "services.\(name.string ?? "")", node: node)
            refuse("memory", in: service, "the swarm counts `deploy.resources.reservations`")
            refuse("watch", in: service, "`teal watch` does not know nodes yet")
        }
    }

    private mutating func refuseHooksInside(_ field: Field?, _ app: AppConfiguration) {
        guard let field else { return }
        let isInside = HookPoint.allCases.contains { point in
            app.deployment.hooks[point].contains { $0.place != .host }
        }
        if isInside {
            refuse("hooks.in", "a hook runs on the host of the verb, not in a task", at: field)
        }
    }

    private mutating func edgeNodes(_ field: Field, example: String) -> EdgesAccess.Nodes? {
        switch field.node.string {
        case "all": return .all
        case "managers": return .managers
        case .some, nil: break
        }
        let what = "`all`, `managers` or a list of nodes' names"
        guard case .sequence(let nodes) = field.node, !nodes.isEmpty else {
            expected(what, example: example, at: field)
            return nil
        }
        let names = nodes.enumerated().compactMap { index, node in
            strictText(
                Field(path: "\(field.path)[\(index)]", node: node), .containerName,
                example: "[node1, node2]")
        }
        return names.count == nodes.count ? .named(names) : nil
    }

    private mutating func colourPorts(_ field: Field, example: String) -> [String: [Int]]? {
        guard let pairs = pairs(of: field, example: example) else { return nil }
        var ports: [String: [Int]] = [:]
        for (name, value, _) in pairs {
            let what = "two ports from 1024 to 65535, of blue and of green"
            let texts = texts(value, what, example: example) ?? []
            let numbers = texts.compactMap { Int($0) }.filter { (1024...65_535).contains($0) }
            guard numbers.count == 2, texts.count == 2, numbers[0] != numbers[1] else {
                expected(what, example: example, at: value)
                continue
            }
            ports[name] = numbers
        }
        return ports
    }

    private mutating func pins(_ field: Field, example: String) -> [String: String]? {
        guard let pairs = pairs(of: field, example: example) else { return nil }
        var pins: [String: String] = [:]
        for (name, value, _) in pairs {
            pins[name] = strictText(value, .containerName, example: example)
        }
        return pins
    }
}

extension ConfigurationReader.Reading<String> {
    /// An image's name with tag or digest.
    fileprivate static var imageName: Self {
        Self { $0.strictText($1, .image, example: $2) }
    }
}
