package import BlueGreen
import DockerEngine
package import Orchestration

extension SwarmEdges: TrafficRouter {
    package func prepare() async throws {
        let settings = settings
        guard let (service, state) = try await recorded() else {
            return try await begin(.empty, .nobody)
        }
        // Another image or other nodes are no part of the state, and need new tasks all the same.
        let wanted = try EdgeService(state, settings, claim).spec["TaskTemplate"]
        let present = service.spec["TaskTemplate"]
        let isOther =
            service.image != settings.image || wanted?["Placement"] != present?["Placement"]
        if isOther || state.site != settings.site {
            let next = state.renewed(settings.site)
            try await write(next, over: service, of: state)
            return try await awaitVerdict(on: next.epoch, atMost: settings.patience)
        }
        if !claim.isOn(service) {
            // Only a label changes: no task is made anew.
            try await update(service, of: state) { service in
                var claimed = service.spec
                claimed["Labels"]?[EdgeClaim.label] = .string(claim.run)
                return claimed
            }
        }
        try await awaitVerdict(on: state.epoch, atMost: settings.patience, .standing)
    }

    /// Edges that are absent would go on as they are.
    package func obstacles(to services: [PlannedService]) async throws -> [Obstacle] {
        let absences = try await nodes().compactMap(\.absence)
        return absences.isEmpty ? [] : [Obstacle("\(SwarmError.edgesAbsent(absences))")]
    }

    package func arm(_ table: RoutingTable) async throws {
        try await publish { $0.table = table }
        onArmed()
    }

    package func route(_ division: Division) async throws {
        switch division {
        case .share: throw SwarmError.unsupported(act: "give a colour a share of the traffic")
        case .nobody, .all: try await publish { $0.division = division }
        }
    }

    package func confirm(_ division: Division) async throws {
        guard let (_, state) = try await recorded() else { throw SwarmError.noEdgeService(name) }
        guard state.division == division else {
            throw SwarmError.otherDivision(
                expected: division.word, recorded: state.division.word)
        }
        try await awaitVerdict(on: state.epoch, atMost: Self.confirmation)
    }

    /// A task whose HEALTHCHECK has just begun needs some of them.
    private static let confirmation = Duration.seconds(10)

    package func setMaintenance(_ maintenance: Maintenance) async throws {
        throw SwarmError.unsupported(act: "show a maintenance page")
    }

    package func readLink() async throws -> LinkReading {
        guard let (_, state) = try await recorded() else {
            return .unwritten(LostLink(path: link, .unwritten))
        }
        return .leads(Traffic(state.division.colour))
    }

    package func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws {
        guard try await recorded() == nil else {
            return try await publish { $0.division = Division(colour) }
        }
        try await begin(table ?? .empty, Division(colour))
    }

    /// The edges remember the epochs of a service that is gone. A clock's seconds are beyond all of
    /// them: a change takes longer than that.
    private func begin(_ table: RoutingTable, _ division: Division) async throws {
        let state = EdgeState(
            epoch: Int(clock.now.milliseconds / 1000), site: settings.site, table: table,
            division: division)
        try await api.create(try EdgeService(state, settings, claim).spec)
        claim.isMade()
        try await awaitVerdict(on: state.epoch, atMost: settings.patience)
    }

    package func losses() async throws -> [String] { [] }

    package func heal() async throws -> [String] { [] }

    package func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        let reports = try await reports()
        let silent = reports.filter { $0.report?.confirmed == nil }.map(\.node.name)
        guard silent.isEmpty else {
            throw SwarmError.edgesSilent(silent, within: settings.patience)
        }
        let connections = reports.compactMap { $0.report?.confirmed?.connections(to: colour) }
        return RemainingTraffic(connections: connections.reduce(0, +), oldWorkers: 0)
    }

    package func previewURL() async throws -> String? { nil }

    package func remove() async throws {
        throw SwarmError.unsupported(act: "take the edges away")
    }
}

extension SwarmEdges: RouterInspection {
    package var link: String { "the service \(name)" }

    package func awaitedFile() async throws -> String? { nil }

    package func notices() async throws -> [String] { [] }

    package func changes(
        for table: RoutingTable, switchingTo colour: Colour
    ) async throws -> [FileChange] {
        throw SwarmError.unsupported(act: "show the files of its edges")
    }

    package func workers(since known: RouterWorkers?) async throws -> RouterWorkers {
        throw SwarmError.unsupported(act: "look at the workers of its edges")
    }
}

extension SwarmEdges: EdgeProbe {
    package func probe(
        _ service: PlannedService, through target: EdgeTarget
    ) async -> EdgeResult {
        guard case .colour(let colour) = target else {
            return .brokenEdge(
                EdgeFault(
                    .silent, "could not be asked",
                    remedy: "\(SwarmError.unsupported(act: "probe by way of its edges"))"))
        }
        let proof = EdgeState.Proof(
            colour: colour, services: [service], until: clock.now + settings.patience)
        do {
            try await publish { $0.proof = proof }
            return .passed
        } catch {
            await withdrawProof()
            return .brokenEdge(
                EdgeFault(
                    .unconnected, "of an edge did not get to it", remedy: "\(error)"))
        }
    }
}

extension SwarmEdges {
    /// An edge whose task begins anew would ask a colour that may be gone. The failure of before is
    /// the one to tell, and the proof ends by itself.
    private func withdrawProof() async {
        guard let (service, state) = try? await recorded(), state.proof != nil else { return }
        try? await write(state.renewed(state.site), over: service, of: state)
    }
}

/// A deployment that is not watched needs none; the configuration refuses any other.
package struct UnwatchedEdges: TrafficObserver {
    package init() {}

    package func begin(until: Timestamp) async throws {
        throw SwarmError.unsupported(act: "count what its edges answer")
    }

    package func look() async throws -> [Colour: RequestFigures] { [:] }

    package func end() async throws {}
}

extension Division {
    /// `blue`, `nobody`
    fileprivate var word: String {
        switch self {
        case .nobody: "nobody"
        case .all(let colour): "\(colour)"
        case .share(let share, let colour): "\(colour) (\(share.fraction * 100) %)"
        }
    }
}
