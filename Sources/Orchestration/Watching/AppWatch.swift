package import BlueGreen

/// The watch over one app's serving colour: one round after the other, by whoever asks for them.
package struct AppWatch: Sendable {
    /// How much of the app a round looks at.
    package enum Scope: Hashable, Sendable {
        case all
        /// What an event was about.
        case only(Set<WatchedReplica>)
    }

    /// The outside of a watch.
    package struct Means: Sendable {
        /// For reading: nothing is written without the gate.
        let ports: Ports
        let store: any WatchStore
        let gate: any WatchGate
        let announcer: any WatchAnnouncer
        let host: any WatchHost
        /// nil for a process of one round.
        let memory: WatchMemory?

        package init(
            _ ports: Ports, store: any WatchStore, gate: any WatchGate,
            announcer: any WatchAnnouncer, host: any WatchHost, memory: WatchMemory? = nil
        ) {
            self.ports = ports
            self.store = store
            self.gate = gate
            self.announcer = announcer
            self.host = host
            self.memory = memory
        }
    }

    private let means: Means
    private let settings: WatchSettings
    private let reaction: WatchSettings.Reaction
    /// By service, as `teal.yml` says.
    private let uses: [String: ServiceWatch]
    private let deployment: DeploymentSettings
    private let gap: Duration

    /// - Parameter gap: the longest usual time between two rounds.
    package init(
        _ means: Means, _ settings: WatchSettings, reaction: WatchSettings.Reaction,
        uses: [String: ServiceWatch], deployment: DeploymentSettings, gap: Duration
    ) {
        self.means = means
        self.settings = settings
        self.reaction = reaction
        self.uses = uses
        self.deployment = deployment
        self.gap = gap
    }

    /// What a round came to, for people and programs.
    package struct Report: Sendable {
        package let record: WatchRecord
        package let decision: WatchDecision
        package let sightings: [Sighting]
        package let plans: [WatchedPlan]
        /// nil where nothing was ever deployed.
        package let active: Placement?
        let settings: WatchSettings
        /// What came of the act; nil where there was none.
        package var act: ActEnd?
        /// Why the round could not be kept; nothing is done then.
        package var unkept: String?

        package func restartsLeft(of service: WatchedService) -> Int {
            record.restartsLeft(of: service, settings)
        }

        /// Whether all that is watched serves.
        package var isHealthy: Bool {
            record.illness == nil && record.openCircuits.isEmpty && record.brokenEdges.isEmpty
                && plans.filter { $0.use != .off }.allSatisfy { plan in
                    record.replicas.filter { $0.key.service == plan.service }
                        .allSatisfy {
                            $0.value.verdict != .unhealthy && $0.value.verdict != .stopped
                        }
                }
        }
    }

    /// How an act ended.
    package enum ActEnd: Hashable, Sendable {
        case done(WatchAct)
        case failed(WatchAct, reason: String)
        /// A run of Teal came first, or things are not as they were.
        case cancelled(WatchAct, reason: String)
    }

    /// One round: looks, keeps what it found, acts where it has to, and tells.
    ///
    /// - Throws: `CancellationError`, and what the watch's own store throws when it is read.
    package func round(_ scope: Scope = .all) async throws -> Report {
        let moment = means.host.moment
        let before: WatchRecord? =
            if let unkept = means.memory?.record { unkept } else {
                try await means.store.record()
            }
        var record = before ?? WatchRecord(at: moment)
        let findings = try await look(scope, before, moment)
        let decision = record.take(findings.round, settings, reaction)
        var report = Report(
            record: record, decision: decision, sightings: findings.round.sightings,
            plans: findings.round.plans, active: findings.active, settings: settings)
        do {
            try await means.store.save(
                record, results: rows(findings.round), events: decision.events,
                keep: settings.keep)
            means.memory?.remember(nil)
        } catch let error where !(error is CancellationError) {
            // Without a record a budget could not be kept, so nothing is done.
            report.unkept = "\(error)"
            means.memory?.remember(record)
        }
        // A process of one round would tell the same in each.
        if report.unkept == nil || means.memory != nil {
            await means.announcer.announce(decision.told)
        }
        if let act = decision.act, report.unkept == nil {
            report = try await carryOut(act, report, findings.round.sightings)
        }
        return report
    }

    private func rows(_ round: WatchRound) -> [ProbeRow] {
        guard round.illness == nil else { return [] }
        return round.sightings.compactMap { sighting in
            switch sighting.finding {
            case .passed:
                ProbeRow(
                    sighting.watched, at: round.moment.wall, hasPassed: true, took: sighting.took)
            case .failed, .down, .looping, .missing, .stopped:
                ProbeRow(
                    sighting.watched, at: round.moment.wall, hasPassed: false, took: sighting.took)
            case .finished: nil
            }
        }
    }

    // MARK: Acts

    private func carryOut(
        _ act: WatchAct, _ report: Report, _ seen: [Sighting]
    ) async throws -> Report {
        var report = report
        let start = report.record
        // A watch that is asked to end must not end in the midst of an act.
        let acting = Task {
            try await means.gate.enter { ports, deployer in
                if let reason = try await change(since: act, seen, ports) {
                    return (start, ActEnd.cancelled(act, reason: reason))
                }
                var record = start
                record.begin(act, settings)
                try await means.store.save(record, results: [], events: [], keep: settings.keep)
                return (record, try await perform(act, ports, deployer))
            }
        }
        let outcome: (WatchRecord, ActEnd)?
        do {
            outcome = try await acting.value
        } catch let error where !(error is CancellationError) {
            report.act = .cancelled(act, reason: "\(error)")
            return report
        }
        guard let (begun, end) = outcome else {
            report.act = .cancelled(act, reason: "a run of Teal holds the app")
            return report
        }
        report.act = end
        let failure: String?
        switch end {
        case .cancelled: return report
        case .done: failure = nil
        case .failed(_, let reason): failure = reason
        }
        var record = begun
        let told = record.end(act, failure: failure, at: means.host.moment, settings)
        do {
            try await means.store.save(
                record, results: [], events: told.events, keep: settings.keep)
        } catch let error where !(error is CancellationError) {
            report.unkept = "\(error)"
            means.memory?.remember(record)
        }
        await means.announcer.announce(told.told)
        return Report(
            record: record, decision: report.decision.adding(told), sightings: report.sightings,
            plans: report.plans,
            active: report.active, settings: settings, act: end, unkept: report.unkept)
    }

    /// What came between the look and the lock.
    ///
    /// - Returns: nil where all is as it was.
    private func change(
        since act: WatchAct, _ seen: [Sighting], _ ports: Ports
    ) async throws -> String? {
        guard case .leads(let traffic) = try ports.router.readLink() else {
            return "the link that says who has traffic is lost"
        }
        if traffic.isInMaintenance { return "the app is in maintenance" }
        let situation = try await Situation.observe(ports, live: traffic.colour, recent: 10)
        if let open = situation.deployments.first, open.outcome == nil {
            return "deployment \(open.number) is not finished"
        }
        switch act {
        case .rollBack(let from, _, _):
            return situation.active == from ? nil : "another release has the traffic"
        case .restart(let watched, _):
            if let placement = watched.placement, placement != situation.active {
                return "another release has the traffic"
            }
            let container = WatchLook.container(of: watched, among: situation.containers)
            guard let container else { return "\(watched.name) has no container" }
            let known = seen.first { $0.watched == watched }
            return known?.startedAt == container.startedAt
                ? nil : "\(watched.name) was started meanwhile"
        }
    }

    /// - Throws: nothing but `CancellationError`.
    private func perform(
        _ act: WatchAct, _ ports: Ports, _ deployer: AppDeployer
    ) async throws -> ActEnd {
        do {
            switch act {
            case .restart(let watched, _):
                let containers = try await ports.engine.containers()
                guard let container = WatchLook.container(of: watched, among: containers) else {
                    return .failed(act, reason: "\(watched.name) has no container.")
                }
                try await ports.engine.restart(container)
                return .done(act)
            case .rollBack:
                let ended = try await deployer.rollBack(to: nil, settings: deployment)
                if ended.outcome == .promoted { return .done(act) }
                return .failed(
                    act, reason: ended.failure?.message ?? "The rollback did not end well.")
            }
        } catch let error where !(error is CancellationError) {
            return .failed(act, reason: "\(error)")
        }
    }
}

// MARK: Looking

extension AppWatch {
    private struct Findings {
        var round: WatchRound
        var active: Placement?
    }

    private func look(
        _ scope: Scope, _ before: WatchRecord?, _ moment: WatchMoment
    ) async throws -> Findings {
        let ports = means.ports
        let isPartial = scope != .all
        var round = WatchRound(
            at: moment, gap: gap, plans: [], sightings: [], isPartial: isPartial)
        round.occupation = means.gate.holder.map { .run($0.description) }
        do {
            let reading = try ports.router.readLink()
            guard case .leads(let traffic) = reading else {
                if case .lost(let lost) = reading { round.occupation = .link("\(lost)") }
                return Findings(round: round)
            }
            if traffic.isInMaintenance { round.occupation = round.occupation ?? .maintenance }
            let situation = try await Situation.observe(ports, live: traffic.colour, recent: 10)
            if let open = situation.deployments.first, open.outcome == nil {
                round.occupation = round.occupation ?? .deployment(number: open.number)
            }
            guard let active = situation.active, let services = situation.services(of: active)
            else { return Findings(round: round) }
            try await look(at: situation, active, services, scope, before, &round)
            return Findings(round: round, active: active)
        } catch let error where !(error is CancellationError) {
            round.illness = .engine("\(error)")
            return Findings(round: round)
        }
    }

    private func look(
        at situation: Situation, _ active: Placement, _ services: [PlannedService],
        _ scope: Scope, _ before: WatchRecord?, _ round: inout WatchRound
    ) async throws {
        let look = WatchLook(
            ports: means.ports, settings: settings, uses: uses, before: before,
            wall: round.moment.wall)
        let only: Set<WatchedReplica>? =
            if case .only(let watched) = scope { watched } else { nil }
        round.plans = look.plans(services, active)
        round.sightings = try await look.sightings(
            of: round.plans, services, among: situation.containers, only: only)
        round.wayBack = wayBack(situation, active, look)
        if !round.isPartial, before?.looksAtIdle ?? true, let idle = situation.idle,
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
        }
    }

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
        let probed = round.sightings.filter {
            $0.took != nil && uses[$0.watched.service, default: .off] != .off
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
