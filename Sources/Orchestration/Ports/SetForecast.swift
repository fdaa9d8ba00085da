package import BlueGreen

/// The acts of a deploy in the engine, foreseen.
package struct SetForecast: Hashable, Sendable {
    /// In start order.
    package let images: [ImageForecast]
    /// Against the release that has traffic; nil where none has, or its record is gone.
    package let changes: [ServiceChange]?
    /// On shared services that are left alone.
    package let notices: [String]
    /// The command that makes the candidate's containers; empty where no command does.
    package let create: String
    /// The commands that make, replace or start a shared service, by its name; empty where no
    /// command does. A shared service that is left alone has none.
    package let shared: [String: String]
    /// Where nginx would find the exposed services; nil before the first deploy gave them
    /// addresses.
    package let routes: RoutingTable?
    /// The hosts that the engine may place containers on, where there are several.
    package let nodes: [NodeForecast]
    /// Of these hosts; nil where there is one.
    package var nodesRoom: NodesRoom?

    package init(
        images: [ImageForecast], changes: [ServiceChange]?, notices: [String], create: String,
        shared: [String: String], routes: RoutingTable? = nil, nodes: [NodeForecast] = []
    ) {
        self.images = images
        self.changes = changes
        self.notices = notices
        self.create = create
        self.shared = shared
        self.routes = routes
        self.nodes = nodes
    }
}

/// One of several hosts, before a deploy.
package struct NodeForecast: Hashable, Sendable {
    package let node: String
    /// Why it was not looked at; nil where it was.
    package let absence: String?
    /// Those that it cannot get from a registry either.
    package let missingImages: [String]
    /// Those that another program has.
    package let takenPorts: [Int]
    /// nil where it has not told.
    package let memory: NodeMemory?

    package init(
        node: String, absence: String? = nil, missingImages: [String] = [],
        takenPorts: [Int] = [], memory: NodeMemory? = nil
    ) {
        self.node = node
        self.absence = absence
        self.missingImages = missingImages
        self.takenPorts = takenPorts
        self.memory = memory
    }
}

/// Where the image of one service of a release would come from.
package struct ImageForecast: Hashable, Sendable {
    /// The place that an image comes from.
    package enum Supply: String, Hashable, Sendable, Codable {
        case here
        case pull
        case build
        /// It is here alone, and the hosts that need it get it by way of a registry.
        case push
        /// A shared service keeps its container, and the image of that.
        case ofContainer = "container"
        /// It is not here, and pulling is switched off: the deploy would fail.
        case missing
    }

    package let service: String
    /// As the compose file names it.
    package let image: String
    package let supply: Supply
    /// The command that would be run for it; nil where none would.
    package let command: String?

    package init(service: String, image: String, supply: Supply, command: String?) {
        self.service = service
        self.image = image
        self.supply = supply
        self.command = command
    }
}

/// How one service differs from the release that has traffic.
package struct ServiceChange: Hashable, Sendable {
    /// The kind of a difference.
    package enum Kind: String, Hashable, Sendable, Codable {
        case added
        case removed
        case changed
    }

    package let service: String
    package let kind: Kind
    /// Of the compose file, in alphabetical order; `environment` only beside `variables`.
    package let keys: [String]
    /// Names only: a value may be a secret.
    package let variables: [String]

    package init(_ service: String, _ kind: Kind, keys: [String] = [], variables: [String] = []) {
        self.service = service
        self.kind = kind
        self.keys = keys
        self.variables = variables
    }
}
