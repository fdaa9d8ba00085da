package import BlueGreen

/// The watch over one app's serving colour: one round after the other, by whoever asks for them.
package struct AppWatch: Sendable {
    /// How much of the app a round looks at.
    package enum Scope: Hashable, Sendable {
        case all
        /// The containers that an event was about.
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

    let means: Means
    let settings: WatchSettings
    private let reaction: WatchSettings.Reaction
    /// By service, as `teal.yml` says.
    let uses: [String: ServiceWatch]
    let deployment: DeploymentSettings
    let gap: Duration

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

    /// The outcome of a round, for people and programs.
    package struct Report: Sendable {
        package let record: WatchRecord
        package let decision: WatchDecision
        package let sightings: [Sighting]
        package let plans: [WatchedPlan]
        /// nil where nothing was ever deployed.
        package let active: Placement?
        let settings: WatchSettings
        /// The end of the act; nil where there was none.
        package var act: ActEnd?
        /// Why nobody can say who has traffic, or what was deployed; nil where that is known.
        package var unclear: String?
        /// Why the round could not be kept; nothing is done then.
        package var unkept: String?
        /// Why the watch began anew with this round; nil where it went on.
        package var loss: String?
        package var sight = Sight()

        package func restartsLeft(of service: WatchedService) -> Int {
            record.restartsLeft(of: service, settings)
        }

        /// Whether all that is watched serves.
        package var isHealthy: Bool {
            unclear == nil && unkept == nil && record.illness == nil && record.openCircuits.isEmpty
                && record.brokenEdges.isEmpty
                && plans.filter { $0.use != .off }.allSatisfy { plan in
                    record.replicas.filter { $0.key.service == plan.service }
                        .allSatisfy {
                            $0.value.verdict != .unhealthy && $0.value.verdict != .stopped
                        }
                }
        }
    }

    /// The things that a round sees beside what it probes, for people's figures.
    package struct Sight: Sendable {
        /// nil where the link could not be read.
        package var traffic: Traffic?
        /// nil where the engine or the history could not be read.
        package var situation: Situation?
        /// nil while nobody has the app.
        package var occupant: WatchOccupant?

        package init(
            traffic: Traffic? = nil, situation: Situation? = nil, occupant: WatchOccupant? = nil
        ) {
            self.traffic = traffic
            self.situation = situation
            self.occupant = occupant
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
        let unkept = means.memory?.record
        let (kept, loss) = unkept == nil ? try await means.store.readableRecord() : (nil, nil)
        let before = unkept ?? kept
        var record = before ?? WatchRecord(at: moment)
        let findings = try await look(scope, before, moment)
        let decision = record.take(findings.round, settings, reaction)
        var report = Report(
            record: record, decision: decision, sightings: findings.round.sightings,
            plans: findings.round.plans, active: findings.active, settings: settings)
        report.loss = loss
        report.sight = findings.sight
        if case .unclear(let reason)? = findings.round.occupation { report.unclear = reason }
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
        if let act = decision.act, report.unkept == nil {
            report = try await carryOut(act, report)
        }
        // After the act, since people may be hard to reach. A process of one round would tell the
        // same in each.
        if report.unkept == nil || means.memory != nil {
            await means.announcer.announce(report.decision.told, report.sight.situation)
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
            // Nobody has probed it where an event was the cause.
            case .stopping:
                sighting.took.map {
                    ProbeRow(sighting.watched, at: round.moment.wall, hasPassed: false, took: $0)
                }
            case .finished, .waiting: nil
            }
        }
    }
}
