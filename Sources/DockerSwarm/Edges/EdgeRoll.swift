package import BlueGreen
import DockerEngine
import Orchestration

/// The edges by their tasks, as far as the swarm remembers them. Pure.
struct EdgeRoll: Sendable {
    private static let forgetting = "teal.forgotten."

    private let service: SwarmService
    private let tasks: [SwarmTask]

    init(_ service: SwarmService, _ tasks: [SwarmTask]) {
        self.service = service
        self.tasks = tasks.sorted { $0.created < $1.created }
    }

    /// Oldest first.
    func tasks(on node: SwarmNode) -> [SwarmTask] { tasks.filter { $0.nodeID == node.id } }

    static func state(of task: SwarmTask) -> EdgeState? {
        // A task of another format says nothing.
        try? EdgeState(environment: task.environment)
    }

    // MARK: Forgotten nodes

    static func isForgetting(_ label: String) -> Bool { label.hasPrefix(forgetting) }

    /// The label by which the node is not waited for.
    func forgetting(_ node: SwarmNode) -> (key: String, value: String) {
        (Self.forgetting + node.id, newest(on: node))
    }

    /// A node that came back meanwhile has had another task, and counts again.
    func isForgotten(_ node: SwarmNode) -> Bool {
        node.absence != nil && service.label(Self.forgetting + node.id) == newest(on: node)
    }

    private func newest(on node: SwarmNode) -> String { tasks(on: node).last?.id ?? "-" }

    // MARK: Colours

    /// The colours that a node's nginx may send requests to: those of the last epoch that it has
    /// confirmed, and of all that it may have begun since. Both where none is known.
    func colours(of node: SwarmNode) -> Set<Colour> {
        let own = tasks(on: node)
        let states = own.compactMap { task in Self.state(of: task).map { (task, $0) } }
        guard let confirmed = states.filter({ $0.0.state == .running }).map(\.1.epoch).max() else {
            return Set(Colour.allCases)
        }
        return states.map(\.1).filter { $0.epoch >= confirmed }.reduce(into: []) {
            $0.formUnion($1.traffic.colours)
        }
    }
}

extension SwarmEdges {
    /// Whether a change need not wait for a node that is absent.
    func excuses(_ node: SwarmNode, _ roll: EdgeRoll) -> Bool {
        settings.absent == .passedOver || roll.isForgotten(node)
    }

    /// The edges that are absent, and that nobody has forgotten; each with its state.
    func absences() async throws -> [String] {
        let absent = try await nodes().filter { $0.absence != nil }
        guard !absent.isEmpty, let service = try await api.service(name) else {
            return absent.compactMap(\.absence)
        }
        let roll = EdgeRoll(service, try await api.tasks(of: [service]))
        return absent.filter { !roll.isForgotten($0) }.compactMap(\.absence)
    }

    /// The colour that has traffic by the record passes: only the end of the app takes it, and knows
    /// that it does.
    ///
    /// - Throws: `SwarmError.colourHeld` while an edge that nobody has forgotten may send requests
    ///   to a colour from which the record has taken the traffic.
    package func refuseHeld(_ colour: Colour) async throws {
        guard let service = try await api.service(name) else { return }
        if try EdgeState(service).division.colour == colour { return }
        let roll = EdgeRoll(service, try await api.tasks(of: [service]))
        let holders = try await nodes().filter {
            !roll.isForgotten($0) && roll.colours(of: $0).contains(colour)
        }
        guard holders.isEmpty else {
            throw SwarmError.colourHeld(
                colour, by: holders.map { $0.absence ?? "\($0.name) has not confirmed" })
        }
    }

    /// No change waits for the node any more, until it comes back.
    ///
    /// - Returns: the colours that its nginx may still send requests to.
    package func forget(_ name: String) async throws -> Set<Colour> {
        guard let (service, state) = try await recorded() else {
            throw SwarmError.nothingToForget(name)
        }
        let nodes = try await nodes()
        guard let node = nodes.first(where: { $0.name == name || $0.id == name }) else {
            throw SwarmError.noSuchEdge(name, known: nodes.map(\.name))
        }
        guard node.absence != nil else { throw SwarmError.edgePresent(node.name) }
        let roll = EdgeRoll(service, try await api.tasks(of: [service]))
        let (key, value) = roll.forgetting(node)
        // Only a label changes: no task is made anew.
        try await update(service, of: state) { service in
            var forgetful = service.spec
            forgetful["Labels"]?[key] = .string(value)
            return forgetful
        }
        return roll.colours(of: node)
    }

    /// Labels these nodes, and no others.
    func labelNodes(_ names: [String]) async throws {
        for attempt in 1...Self.labelTries {
            do {
                for node in try await api.nodes() { try await label(node, names) }
                return
            } catch SwarmError.overtaken where attempt < Self.labelTries {
                // The swarm notes other things about a node as well.
                continue
            }
        }
    }

    private static let labelTries = 5

    private func label(_ node: SwarmNode, _ names: [String]) async throws {
        let key = EdgeService.nodeLabel(of: settings.site.app)
        let isWanted = names.contains(node.name)
        var labels = node.spec["Labels"]?.object ?? [:]
        guard (labels[key] != nil) != isWanted else { return }
        labels[key] = isWanted ? "true" : nil
        var spec = node.spec
        spec["Labels"] = .object(labels)
        try await api.update(node, to: spec)
    }
}
