import BlueGreen
package import DockerEngine
import HostSystem
package import Orchestration

/// Sends an app's requests to a colour through the nginx of every edge of a swarm.
///
/// The desired state is the specification of the global service `APP-edge`. Its tasks carry it
/// out, each on its own node, and a change is done when a task of the new epoch runs on every
/// edge: it does so only once it has confirmed.
package struct SwarmEdges: Sendable {
    package struct Settings: Sendable {
        package var site: EdgeState.Site
        /// With the program that the tasks run.
        package var image: String
        package var nodes: EdgeNodes
        /// How long all edges may take to confirm one change.
        package var patience: Duration
        package var absent = AbsentEdges.refused
        /// Whether the file of the page for maintenance is gone, so that the recorded one stays.
        package var keepsPage = false

        package init(
            site: EdgeState.Site, image: String, nodes: EdgeNodes = .all,
            patience: Duration = .seconds(30)
        ) {
            self.site = site
            self.image = image
            self.nodes = nodes
            self.patience = patience
        }
    }

    let settings: Settings
    var api: SwarmAPI
    var claim = EdgeClaim()
    let clock: any WallClock
    /// Called whenever all edges have taken the files that these settings make.
    package var onArmed: @Sendable () -> Void = {}

    /// - Parameter logins: by which the nodes pull Teal's own image.
    package init(
        _ settings: Settings, api: any EngineCalls, clock: any WallClock,
        logins: RegistryLogins? = nil
    ) {
        self.settings = settings
        self.api = SwarmAPI(engine: api, clock: clock)
        self.api.logins = logins
        self.clock = clock
    }

    var name: String { EdgeService.name(of: settings.site.app) }

    /// The state as the swarm has it; nil where there is none yet.
    func recorded() async throws -> (service: SwarmService, state: EdgeState)? {
        guard let service = try await api.service(name) else { return nil }
        guard service.label(ResourceLabel.app) == settings.site.app else {
            throw SwarmError.foreignService(name)
        }
        return (service, try EdgeState(service))
    }

    /// The nodes that are edges, whatever their state.
    func nodes() async throws -> [SwarmNode] {
        let nodes = try await api.nodes().filter { node in
            switch settings.nodes {
            case .all: true
            case .managers: node.isManager
            case .named(let names): names.contains(node.name)
            }
        }
        guard !nodes.isEmpty else { throw SwarmError.noEdges }
        return nodes
    }

    package func nodeNames() async throws -> [String] { try await nodes().map(\.name) }

    /// Writes the changed state by compare-and-swap, and waits until every edge has confirmed it.
    /// A change that is none waits as well: an edge may not have confirmed yet.
    func publish(_ change: (inout EdgeState) -> Void) async throws {
        guard let (service, state) = try await recorded() else {
            throw SwarmError.noEdgeService(name)
        }
        // Also where nothing is to be changed: what this run would do next is no longer its own.
        guard claim.allows(service) else { throw SwarmError.overtaken(service: name) }
        var epoch = state.epoch
        if let next = state.changed(change) {
            try await write(next, over: service, of: state)
            epoch = next.epoch
        }
        try await awaitVerdict(on: epoch, atMost: settings.patience)
    }

    /// By compare-and-swap, and only while no other run has claimed the edges since this one did.
    ///
    /// The swarm itself makes new versions, when it notes how an update goes: with the same state
    /// and the same claim as before, a version is as good as the one that was read.
    func write(_ next: EdgeState, over service: SwarmService, of state: EdgeState) async throws {
        try await update(service, of: state) { service in
            var spec = try EdgeService(next, settings, claim).spec
            for (key, value) in service.labels where EdgeRoll.isForgetting(key) {
                spec["Labels"]?[key] = value
            }
            return spec
        }
    }

    func update(
        _ read: SwarmService, of state: EdgeState, _ spec: (SwarmService) throws -> JSONValue
    ) async throws {
        var service = read
        for attempt in 1...Self.tries {
            guard claim.allows(service) else { throw SwarmError.overtaken(service: name) }
            do {
                try await api.update(service, to: try spec(service))
                return claim.isMade()
            } catch SwarmError.overtaken where attempt < Self.tries {
                guard let (found, present) = try await recorded() else {
                    throw SwarmError.overtaken(service: name)
                }
                // It was taken although a leader that went did not say so.
                if claim.isOn(found), try spec(service)["Labels"] == found.spec["Labels"] {
                    return claim.isMade()
                }
                guard present == state,
                    found.label(EdgeClaim.label) == read.label(EdgeClaim.label)
                else { throw SwarmError.overtaken(service: name) }
                service = found
            }
        }
    }

    private static let tries = 10

    /// Whether tasks of the epoch may have failed before the wait for it began.
    enum Age {
        case new
        /// The cause may be mended since: the tasks that come after those have the word.
        case standing
    }

    /// - Throws: `SwarmError.edgeRefused` as soon as one refuses, `.edgesSilent` in the end.
    func awaitVerdict(on epoch: Int, atMost limit: Duration, _ age: Age = .new) async throws {
        let deadline = clock.now + limit
        var past: Set<String>?
        while true {
            let look = try await EdgeLook(self).look(at: epoch)
            if age == .standing, past == nil { past = Set(look.refusals.map(\.task.id)) }
            if let found = look.refusals.first(where: { past?.contains($0.task.id) != true }) {
                throw SwarmError.edgeRefused(
                    node: found.node, reason: await reason(of: found.task))
            }
            if look.waiting.isEmpty { return }
            guard clock.now < deadline else {
                throw SwarmError.edgesSilent(look.waiting, within: limit)
            }
            try await clock.sleep(until: clock.now + .milliseconds(100))
        }
    }

    /// The task's own words, else the swarm's.
    private func reason(of task: SwarmTask) async -> String {
        var lines: [String] = []
        // The managers may know of an end before they have the last lines.
        for attempt in 1...3 {
            // A node that cannot give its log has said enough by failing.
            lines = (try? await api.logs(ofTask: task.id, lines: 20)) ?? []
            if let failure = EdgeReport(lines: lines)?.failure { return failure }
            guard attempt < 3 else { break }
            try? await clock.sleep(until: clock.now + .milliseconds(500))
        }
        return lines.last ?? task.reason
    }
}

/// The nodes whose nginx takes visitors.
package enum EdgeNodes: Hashable, Sendable {
    case all
    case managers
    case named([String])

    /// The nodes that get a label.
    var names: [String] {
        switch self {
        case .all, .managers: []
        case .named(let names): names
        }
    }
}

/// A change while an edge is absent that nobody has forgotten.
package enum AbsentEdges: Hashable, Sendable {
    case refused
    /// It is made, and the colour that the edge may send requests to is kept running.
    case passedOver
}

/// One look at the tasks of an epoch.
struct EdgeLook: Sendable {
    private let edges: SwarmEdges

    init(_ edges: SwarmEdges) {
        self.edges = edges
    }

    struct Finding: Sendable {
        /// Tasks that ended without having confirmed: the last one of each node.
        var refusals: [(node: String, task: SwarmTask)] = []
        /// The nodes that have not confirmed, each with its reason.
        var waiting: [String] = []
    }

    func look(at epoch: Int) async throws -> Finding {
        guard let service = try await edges.api.service(edges.name) else {
            throw SwarmError.noEdgeService(edges.name)
        }
        let roll = EdgeRoll(service, try await edges.api.tasks(of: [service]))
        var finding = Finding()
        let nodes = try await edges.nodes()
        for node in nodes {
            let own = roll.tasks(on: node).filter { EdgeRoll.state(of: $0)?.epoch == epoch }
            if let absence = node.absence {
                if !edges.excuses(node, roll) { finding.waiting.append(absence) }
            } else if own.contains(where: { $0.isWanted && $0.state == .running }) {
                continue
            } else if let failed = own.last(where: { $0.state == .failed }) {
                finding.refusals.append((node.name, failed))
                finding.waiting.append(node.name)
            } else {
                finding.waiting.append(node.name)
            }
        }
        // Without any edge nobody has confirmed.
        if nodes.allSatisfy({ $0.absence != nil }) {
            finding.waiting = nodes.compactMap(\.absence)
        }
        return finding
    }
}
