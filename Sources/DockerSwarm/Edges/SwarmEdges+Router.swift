package import BlueGreen
import DockerEngine
package import Orchestration

extension SwarmEdges: TrafficRouter {
    package func prepare() async throws {
        let settings = settings
        if !settings.nodes.names.isEmpty { try await labelNodes(settings.nodes.names) }
        guard let (service, state) = try await recorded() else {
            return try await begin(.empty, .nobody)
        }
        let site = site(after: state)
        // Another image or other nodes are no part of the state, and need new tasks all the same.
        let wanted = try EdgeService(state, settings, claim).spec["TaskTemplate"]
        let present = service.spec["TaskTemplate"]
        let isOther =
            service.image != settings.image || wanted?["Placement"] != present?["Placement"]
        if isOther || state.site != site || state.isLeaving {
            let next = state.renewed(site)
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

    /// Today's settings, with the page of before where its file is gone.
    private func site(after state: EdgeState) -> EdgeState.Site {
        var site = settings.site
        if settings.keepsPage { site.page = state.site.page }
        return site
    }

    /// Edges that are absent would go on as they are.
    package func obstacles(to services: [PlannedService]) async throws -> [Obstacle] {
        var obstacles: [Obstacle] = []
        if case .named(let names) = settings.nodes {
            let known = try await api.nodes().map(\.name)
            obstacles = names.filter { !known.contains($0) }.map {
                Obstacle("\(SwarmError.noSuchEdge($0, known: known))")
            }
        }
        obstacles += try await faults()
        guard settings.absent == .refused else { return obstacles }
        let absences = try await absences()
        if !absences.isEmpty { obstacles.append(Obstacle("\(SwarmError.edgesAbsent(absences))")) }
        return obstacles
    }

    package func arm(_ table: RoutingTable) async throws {
        try await publish { $0.table = table }
        onArmed()
    }

    package func route(_ division: Division) async throws {
        try await publish { $0.divide(division) }
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
        let isOn = maintenance == .on
        guard let (_, state) = try await recorded() else {
            guard isOn else { return }
            if !settings.nodes.names.isEmpty { try await labelNodes(settings.nodes.names) }
            return try await begin(.empty, .nobody, isInMaintenance: true)
        }
        let site = site(after: state)
        try await publish {
            $0.isInMaintenance = isOn
            // The page and the health paths may be others since the last deployment.
            $0.site = site
        }
    }

    package func readLink() async throws -> LinkReading {
        guard let (_, state) = try await recorded() else {
            return .unwritten(LostLink(path: link, .unwritten))
        }
        return .leads(state.traffic)
    }

    /// The record has no clock.
    package func linkMadeAt() -> Timestamp? { nil }

    package func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws {
        guard try await recorded() == nil else {
            return try await publish { $0.division = Division(colour) }
        }
        try await begin(table ?? .empty, Division(colour))
    }

    /// The edges remember the epochs of a service that is gone. A clock's seconds are beyond all of
    /// them: a change takes longer than that.
    private func begin(
        _ table: RoutingTable, _ division: Division, isInMaintenance: Bool = false
    ) async throws {
        let state = EdgeState(
            epoch: Int(clock.now.milliseconds / 1000), site: settings.site, table: table,
            division: division, isInMaintenance: isInMaintenance)
        try await api.create(try EdgeService(state, settings, claim).spec)
        claim.isMade()
        try await awaitVerdict(on: state.epoch, atMost: settings.patience)
    }

    package func losses() async throws -> [FolderLoss] { [] }

    package func heal() async throws -> [String] { [] }

    package func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        let reports = try await reports()
        let silent = reports.filter { $0.report?.confirmed == nil && !$0.isExcused }
            .map(\.node.name)
        guard silent.isEmpty else {
            throw SwarmError.edgesSilent(silent, within: settings.patience)
        }
        let connections = reports.compactMap { $0.report?.confirmed?[colour].connections }
        return RemainingTraffic(connections: connections.reduce(0, +), oldWorkers: 0)
    }

    package func previewURL() async throws -> String? { nil }

    package func remove() async throws {
        guard let (service, state) = try await recorded() else { return }
        let next = state.leaving()
        try await write(next, over: service, of: state)
        try await awaitVerdict(on: next.epoch, atMost: settings.patience)
        try await api.remove(service)
        try await labelNodes([])
    }

    package func checkRemoval() async throws {
        guard try await recorded() != nil else { return }
        let absences = try await absences()
        guard absences.isEmpty else { throw SwarmError.edgesAbsent(absences) }
    }
}

extension SwarmEdges: RouterInspection {
    package var link: String { "the service \(name)" }

    package func awaitedFile() async throws -> String? { nil }

    package func notices() async throws -> [String] { [] }

    package func changes(
        for table: RoutingTable, switchingTo colour: Colour
    ) async throws -> [FileChange] {
        let before = try await recorded()?.state.table ?? .empty
        // Each edge makes its own files of it.
        let change = FileChange(path: link, before: before.text, after: table.text)
        return change.before == change.after ? [] : [change]
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
                    .unconnected, "of an edge did not get to it", remedy: "\(error)",
                    meaning: (error as? any ClusterFailure)?.meaning))
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

extension RoutingTable {
    /// A line for each address; nil without any.
    fileprivate var text: String? {
        let lines = Colour.allCases.flatMap { colour in
            self[colour].flatMap { route in
                route.endpoints.map { "\(colour) \(route.service) \($0)\n" }
            }
        }
        return lines.isEmpty ? nil : lines.joined()
    }
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
