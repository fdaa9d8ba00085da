import BlueGreen
import TestSupport

/// One life of a watch beside a world, judged by what is true.
struct WatchedLife {
    /// A mistake of the one who carries rounds out, to show that the judge sees it.
    enum Flaw: CaseIterable {
        case forgetsBudget
        case ignoresOccupation
        case ignoresIllness
        case startsWhatPeopleStopped
        case tellsWhatTealRestarts
        case forgetsDependencies
        case trustsTheWallClock
        case hidesRollbacks
        case believesThePrevious
        case believesWhatItDidNotSee
    }

    private static let settings = WatchedWorld.settings

    private(set) var violations: [String] = []
    private(set) var restarts = 0
    private(set) var rollbacks = 0
    private(set) var circuits = 0
    private(set) var notices = 0
    private(set) var partialRounds = 0

    private var world: WatchedWorld
    private let flaw: Flaw?
    private var kept: WatchRecord?
    /// By service and release, the true times of restarts.
    private var restarted: [WatchedService: [Duration]] = [:]
    private var coming: WatchedReplica?
    private var passed: [WatchedReplica: Int] = [:]
    private var goneBack: Set<ReleaseID> = []
    private var told: [String: Duration] = [:]
    /// The finding of the last look at each.
    private var found: [WatchedReplica: Sighting.Finding] = [:]

    init(seed: UInt64, flaw: Flaw? = nil) {
        world = WatchedWorld(seed: seed)
        self.flaw = flaw
    }

    /// Gives way after each of them: other tests run beside it on few threads.
    mutating func live(rounds: Int) async {
        for _ in 0..<rounds where violations.isEmpty {
            world.live()
            if !world.events.isEmpty {
                partialRounds += 1
                round(of: world.events)
                world.roundIsOver()
            }
            round()
            world.roundIsOver()
            await Task.yield()
        }
    }

    /// - Parameter some: those that an event was about; nil for a round of all.
    private mutating func round(of some: Set<WatchedReplica>? = nil) {
        var record = kept ?? WatchRecord(at: moment)
        let looked = seen(record, only: some)
        let round = flaw == .believesWhatItDidNotSee ? believing(looked) : looked
        let decision = record.take(round, Self.settings, .rollback)
        for sighting in looked.sightings where round.illness == nil {
            found[sighting.watched] = sighting.finding
            passed[sighting.watched] =
                sighting.finding == .passed ? passed[sighting.watched, default: 0] + 1 : 0
            if sighting.finding == .passed, sighting.watched == coming { coming = nil }
        }
        judge(told: decision)
        kept = record
        // A full disk keeps the round from being written down: then nothing is done.
        if world.generator.isFull { return }
        guard let act = decision.act else { return }
        judge(act, isPartial: some != nil)
        var begun = record
        begun.begin(act, Self.settings)
        if flaw != .forgetsBudget { kept = begun }
        carryOut(act)
        // A process may die in the midst of an act: that it began is kept.
        if world.generator.dies { return }
        judge(told: begun.end(act, failure: nil, at: moment, Self.settings))
        if flaw != .forgetsBudget { kept = begun }
    }

    private mutating func carryOut(_ act: WatchAct) {
        switch act {
        case .restart(let watched, _):
            restarts += 1
            restarted[watched.service, default: []].append(world.uptimeOfAll)
            coming = watched
            passed[watched] = 0
            world.restart(watched)
        case .rollBack(let from, _, _):
            rollbacks += 1
            goneBack.insert(from.release)
            world.rollBack()
        }
    }

    private var moment: WatchMoment {
        guard flaw == .trustsTheWallClock else { return world.moment }
        let wall = world.moment.wall
        return WatchMoment(wall: wall, uptime: wall - Sample.moment + .seconds(50_000), boot: "")
    }

    /// Nobody has looked at the others, and they are taken for well.
    private func believing(_ round: WatchRound) -> WatchRound {
        guard round.isPartial, round.illness == nil else { return round }
        var round = round
        round.isPartial = false
        let seen = Set(round.sightings.map(\.watched))
        round.sightings += (world.replicas(of: world.active) + [world.shared])
            .filter { !seen.contains($0) }
            .map { Sighting($0, .passed, start: "\(world.truths[$0]?.start ?? 0)") }
        return round
    }

    /// An event is looked at without a probe, so that nothing is known of the host but whether the
    /// engine answers.
    private func seen(of some: Set<WatchedReplica>) -> WatchRound {
        var round = WatchRound(
            at: moment, gap: Self.settings.every * 2 + .seconds(10),
            plans: world.plans(world.active), sightings: [], isPartial: true,
            occupation: world.occupation, wayBack: world.wayBack)
        if case .engine? = world.illness {
            round.illness = world.illness
        } else {
            round.sightings = (world.replicas(of: world.active) + [world.shared])
                .filter { some.contains($0) }.map(world.end).filter { $0.finding != .passed }
        }
        return round
    }

    private func seen(_ record: WatchRecord, only some: Set<WatchedReplica>?) -> WatchRound {
        if let some { return seen(of: some) }
        var plans = world.plans(world.active)
        var sightings = (world.replicas(of: world.active) + [world.shared]).map(world.sighting)
        if flaw == .startsWhatPeopleStopped {
            sightings = sightings.map { sighting in
                switch sighting.finding {
                case .stopped: Sighting(sighting.watched, .down("ended"), start: sighting.start)
                case .stopping:
                    Sighting(sighting.watched, .failed(.status(503)), start: sighting.start)
                default: sighting
                }
            }
        }
        if flaw == .tellsWhatTealRestarts {
            sightings = sightings.map { sighting in
                sighting.finding == .waiting
                    ? Sighting(sighting.watched, .stopped, start: sighting.start) : sighting
            }
        }
        if flaw == .forgetsDependencies {
            plans = plans.map {
                WatchedPlan(
                    $0.service.placement, PlannedService(name: $0.service.name, role: .singleton),
                    use: $0.use, dependencies: [], Self.settings)
            }
        }
        if record.looksAtIdle, let idle = world.previous {
            plans += world.plans(idle, isIdle: true)
            sightings += world.replicas(of: idle).filter { $0.replica.service != "worker" }
                .map { watched in
                    flaw == .believesThePrevious
                        ? Sighting(watched, .passed, start: "1") : world.sighting(of: watched)
                }
        }
        var wayBack = world.wayBack
        if flaw == .hidesRollbacks {
            wayBack = WayBackCase(
                active: wayBack.active, promotedAt: nil, isRollback: false, wasRolledBack: false,
                previous: wayBack.previous)
        }
        return WatchRound(
            at: moment, gap: Self.settings.every * 2 + .seconds(10), plans: plans,
            sightings: sightings, illness: flaw == .ignoresIllness ? nil : world.illness,
            occupation: flaw == .ignoresOccupation ? nil : world.occupation, wayBack: wayBack)
    }
}

// MARK: The judge

extension WatchedLife {
    private mutating func fail(_ text: String) { violations.append(text) }

    private mutating func judge(_ act: WatchAct, isPartial: Bool) {
        if let occupation = world.occupation { fail("acted although \(occupation)") }
        // A look at one container tells what was known of the host.
        var illness = world.illness
        if isPartial, illness != .engine("no answer") { illness = kept?.illness }
        if let illness { fail("acted although \(illness)") }
        if world.hasLeapt { fail("acted in the first round after a leap") }
        switch act {
        case .restart(let watched, _):
            judge(restartOf: watched)
            let isIll = isPartial ? isKnownIll : world.isDependencyIll
            if isIll(watched) { fail("restarted \(watched.name), which needs an ill service") }
        case .rollBack(let from, let to, _): judge(wayBackFrom: from, to)
        }
    }

    private mutating func judge(restartOf watched: WatchedReplica) {
        let truth = world.truths[watched]
        if truth?.health == .well { fail("restarted \(watched.name), which is well") }
        if truth?.health == .stopped { fail("started \(watched.name), which a person stopped") }
        if truth?.health == .stopping { fail("restarted \(watched.name), which a person stops") }
        if truth?.health == .looping { fail("restarted \(watched.name), as the engine does") }
        if watched.placement == nil { fail("restarted a shared service unasked") }
        if let before = coming, before != watched,
            let other = world.truths[before], other.health != .down,
            world.uptimeSince(other.startedAt) < .seconds(60),
            world.replicas(of: world.active).contains(before)
        {
            fail("restarted \(watched.name) while \(before.name) comes up")
        }
        let now = world.uptimeOfAll
        let times = restarted[watched.service, default: []]
        if times.count(where: { now - $0 < .seconds(600) }) >= 3 {
            fail("restarted \(watched.service.name) more often than its budget")
        }
        if let last = times.last, now - last < .seconds(10) {
            fail("restarted \(watched.service.name) without a pause")
        }
    }

    /// By the last look at each that it needs.
    private func isKnownIll(_ watched: WatchedReplica) -> Bool {
        let needs = WatchedWorld.services.first { $0.name == watched.replica.service }?.needs ?? []
        return found.contains { key, finding in
            needs.contains(key.replica.service) && finding != .passed
                && (key.placement == nil || key.placement == watched.placement)
        }
    }

    private mutating func judge(wayBackFrom from: Placement, _ to: Placement) {
        if goneBack.contains(from.release) { fail("rolled back \(from.release) twice") }
        if world.isRollback { fail("rolled back a rollback") }
        if from != world.active || to != world.previous { fail("rolled back to elsewhere") }
        for watched in world.replicas(of: to) where watched.replica.service != "worker" {
            if world.sighting(of: watched).finding != .passed || passed[watched, default: 0] < 2 {
                fail("rolled back to \(watched.name), which is not healthy")
            }
        }
        if world.uptimeSince(world.promotedAt) > .seconds(3600) + .seconds(86_400) {
            fail("rolled back a release of long ago")
        }
    }

    private mutating func judge(told decision: WatchDecision) {
        notices += decision.told.count
        circuits += decision.events.count { $0.kind == .circuitOpen }
        let now = world.uptimeOfAll
        for event in decision.told {
            // An end is told of each beginning that was told.
            if [.recovered, .hostWell, .edgeWell, .circuitClosed].contains(event.kind) { continue }
            let key = "\(event.kind) \(event.subject)"
            if let last = told[key], now - last < Self.settings.coolDown {
                fail("told \(key) twice within the cool-down")
            }
            told[key] = now
            if let own = event.patient?.replica, world.truths[own]?.health == .restarting,
                kept?.replicas[own]?.verdict == .healthy
            {
                fail("told \(key), which Teal restarts")
            }
        }
    }
}

extension WatchedWorld {
    /// As an event is looked at, without a probe.
    func end(of watched: WatchedReplica) -> Sighting {
        let finding: Sighting.Finding =
            switch truths[watched]?.health {
            case .down: .down("ended with exit code 1")
            case .stopped: .stopped
            case .restarting: .waiting
            case .stopping: .stopping(since: truths[watched]?.askedToEndAt ?? wall)
            case .well, .ill, .looping, nil: .passed
            }
        let truth = truths[watched]
        return Sighting(
            watched, finding, start: "\(truth?.start ?? 0)",
            startedAt: wall + ((truth?.startedAt ?? time) - time))
    }

    var shared: WatchedReplica { WatchedReplica(nil, Replica(service: "db", index: 1)) }

    /// The time in which the host ran, over all its starts; a suspended host restarts nobody.
    var uptimeOfAll: Duration { time }

    func uptimeSince(_ moment: Duration) -> Duration { time - moment }
}

extension WatchEvent.Patient {
    fileprivate var replica: WatchedReplica? {
        if case .replica(let watched) = self { watched } else { nil }
    }
}

extension SeededGenerator {
    /// Whether the disk is full now, by the state alone.
    fileprivate var isFull: Bool {
        var copy = self
        return copy.isOne(in: 25)
    }

    fileprivate var dies: Bool {
        var copy = self
        _ = copy.next()
        return copy.isOne(in: 15)
    }
}
