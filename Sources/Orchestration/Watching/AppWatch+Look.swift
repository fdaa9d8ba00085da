import BlueGreen

/// The looks of a watch.
extension AppWatch {
    struct Findings {
        var round: WatchRound
        var active: Placement?
        var sight: Sight
    }

    func look(
        _ scope: Scope, _ before: WatchRecord?, _ moment: WatchMoment
    ) async throws -> Findings {
        let ports = means.ports
        let isPartial = scope != .all
        var round = WatchRound(
            at: moment, gap: gap, plans: [], sightings: [], isPartial: isPartial)
        var sight = Sight(occupant: means.gate.occupant)
        round.occupation = sight.occupant.map { .run("\($0)") }
        do {
            let reading = try await ports.router.readLink()
            guard case .leads(let traffic) = reading else {
                // As `status` judges: before a first deployment nothing is missing, whatever
                // becomes of the engine.
                if case .unwritten = reading,
                    try await ports.store.deployments(limit: 1).isEmpty
                {
                    sight.traffic = Traffic(nil)
                    return Findings(round: round, sight: sight)
                }
                let situation = try await Situation.observe(ports, live: nil, recent: 10)
                sight.situation = situation
                if let found = LostLinkFinding(reading, situation) {
                    round.occupation = .unclear("\(found.lost)")
                } else {
                    sight.traffic = Traffic(nil)
                }
                return Findings(round: round, sight: sight)
            }
            sight.traffic = traffic
            // Where they are lost nginx may send the requests to the other colour.
            let losses = try await ports.router.losses()
            if !losses.isEmpty {
                round.occupation =
                    round.occupation
                    ?? .unclear(losses.map(\.description).joined(separator: " "))
            }
            if traffic.isInMaintenance { round.occupation = round.occupation ?? .maintenance }
            let situation = try await Situation.observe(ports, live: traffic.colour, recent: 10)
            sight.situation = situation
            // A run may begin meanwhile, and end a container at once.
            sight.occupant = sight.occupant ?? means.gate.occupant
            round.occupation = round.occupation ?? sight.occupant.map { .run("\($0)") }
            if let open = situation.deployments.first, open.outcome == nil {
                round.occupation =
                    round.occupation
                    ?? (open.waitsUntil == nil
                        ? .cutOff(number: open.number) : .deployment(number: open.number))
            }
            guard let live = traffic.colour else { return Findings(round: round, sight: sight) }
            guard let active = situation.active, let services = situation.services(of: active)
            else {
                // A colour has traffic, and nothing tells what is to be probed.
                let error =
                    situation.active.map(OrchestrationError.servicesUnknown)
                    ?? .activeUnknown(live)
                round.occupation = .unclear("\(error)")
                return Findings(round: round, active: situation.active, sight: sight)
            }
            var look = WatchLook(
                ports: ports, settings: settings, uses: uses, before: before, wall: moment.wall)
            if case .run(let holder)? = sight.occupant {
                let endings = try await RunUnderWay.endings(since: holder, situation, ports)
                look.run = RunUnderWay(holder, situation, endings, lookedAt: moment.wall)
            }
            try await self.look(at: situation, active, services, scope, look, &round)
            return Findings(round: round, active: active, sight: sight)
        } catch let error where !(error is CancellationError) {
            if error is any StoreFailure {
                round.occupation = .unclear("\(error)")
            } else {
                round.illness = .engine("\(error)")
            }
            return Findings(round: round, sight: sight)
        }
    }

    private func look(
        at situation: Situation, _ active: Placement, _ services: [PlannedService],
        _ scope: Scope, _ look: WatchLook, _ round: inout WatchRound
    ) async throws {
        var look = look
        round.plans = look.plans(services, active)
        switch scope {
        case .all:
            round.sightings = try await look.sightings(
                of: round.plans, services, among: situation.containers)
        case .only(let watched):
            look.isOfEnds = true
            round.sightings = try await ends(
                of: watched, by: look, round.plans, services, situation.containers)
        }
        round.wayBack = wayBack(situation, active, look)
        if !round.isPartial, look.before?.looksAtIdle ?? true, let idle = situation.idle,
            let services = situation.services(of: idle)
        {
            let plans = look.plans(services, idle, isIdle: true)
            round.plans += plans
            round.sightings += try await look.sightings(
                of: plans, services, among: situation.containers)
        }
        round.illness = try await illness(round)
        if round.illness == nil, !round.isPartial {
            round.edges = await edges(services, active, round.sightings)
            // A probe that was cancelled has failed, which says nothing of the edge.
            try Task.checkCancellation()
        }
    }

    /// An engine tells of an end some milliseconds before its list of containers has it.
    private func ends(
        of watched: Set<WatchedReplica>, by look: WatchLook, _ plans: [WatchedPlan],
        _ services: [PlannedService], _ containers: [Container]
    ) async throws -> [Sighting] {
        var containers = containers
        for _ in 0..<Self.mostLooksAtAnEnd {
            let seen = try await look.sightings(
                of: plans, services, among: containers, only: watched)
            let ended = seen.filter { $0.finding != .passed }
            // One that was started again meanwhile is a matter of the next round.
            let isSame = seen.contains { sighting in
                sighting.start == look.before?.replicas[sighting.watched]?.start
            }
            if !ended.isEmpty || !isSame { return ended }
            try await means.ports.clock.sleep(until: means.ports.clock.now + .milliseconds(50))
            containers = try await means.ports.engine.containers()
        }
        return []
    }

    private static var mostLooksAtAnEnd: Int { 10 }

    /// By way of nginx, where a replica of the service is well: what is broken then is the edge.
    private func edges(
        _ services: [PlannedService], _ active: Placement, _ sightings: [Sighting]
    ) async -> [String: EdgeFinding] {
        let passing = Set(
            sightings.filter { $0.finding == .passed && $0.watched.placement == active }
                .map(\.watched.service.name))
        return await withTaskGroup(of: (String, EdgeFinding).self) { group in
            for service in services where service.role == .exposed && passing.contains(service.name)
            {
                group.addTask { (service.name, await edge(of: service)) }
            }
            var found: [String: EdgeFinding] = [:]
            for await (service, finding) in group { found[service] = finding }
            return found
        }
    }

    private func edge(of service: PlannedService) async -> EdgeFinding {
        switch await means.ports.edge.probe(service, through: .live) {
        // Its own probe tells of the app.
        case .passed, .brokenApp: .reached
        case .brokenEdge(let fault): .broken("nginx \(fault.predicate). \(fault.remedy)")
        }
    }

    /// A failure of everything at once may be the host's, or the prober's.
    private func illness(_ round: WatchRound) async throws -> HostIllness? {
        let uses = Dictionary(round.plans.map { ($0.service, $0.use) }) { first, _ in first }
        let probed = round.sightings.filter { sighting in
            switch sighting.finding {
            case .finished, .stopped, .stopping, .waiting: false
            case .passed, .failed, .down, .looping, .missing:
                uses[sighting.watched.service, default: .off] != .off
            }
        }
        guard !probed.isEmpty, !round.isPartial, probed.allSatisfy({ $0.finding != .passed })
        else { return nil }
        if await !means.host.reachesItself() { return .prober }
        let strains = try await strains()
        return strains.isEmpty
            ? nil : .starved(strains.map(\.text).joined(separator: ", "))
    }

    private func strains() async throws -> [Strain] {
        do {
            let first = try await means.ports.gauge.sample()
            try await means.ports.clock.sleep(
                until: means.ports.clock.now + HostSettling.window)
            let second = try await means.ports.gauge.sample()
            return deployment.settle.strains(from: first, to: second)
        } catch let error where !(error is CancellationError) {
            // A host that cannot be measured is not shown to be ill.
            return []
        }
    }

    private func wayBack(
        _ situation: Situation, _ active: Placement, _ look: WatchLook
    ) -> WayBackCase {
        let bringer = situation.deployments.first {
            $0.candidate == active && $0.outcome == .promoted
        }
        let wasRolledBack = situation.deployments.contains { deployment in
            deployment.candidate.release == active.release && deployment.outcome == .rolledBack
                || deployment.kind != .deploy && deployment.outcome == .promoted
                    && deployment.previous?.release == active.release
        }
        // The same that `teal rollback` would do now; no release to go back to is no error here.
        let order = try? situation.rollback(to: nil, settings: deployment)
        var previous: (placement: Placement, replicas: [WatchedReplica])?
        if let order, order.kind == .warmRollback,
            let services = situation.services(of: order.candidate)
        {
            let plans = Set(
                look.plans(services, order.candidate, isIdle: true).map(\.service.name))
            previous = (
                order.candidate,
                services.filter { plans.contains($0.name) && !$0.isOneShot }.containers
                    .map { WatchedReplica(order.candidate, $0.replica) }
            )
        }
        return WayBackCase(
            active: active,
            promotedAt: bringer?.facts.milestones[.switched] ?? bringer?.finishedAt,
            isRollback: bringer.map { $0.kind != .deploy } ?? true, wasRolledBack: wasRolledBack,
            previous: previous)
    }
}
