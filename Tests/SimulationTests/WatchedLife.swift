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
        case forgetsDependencies
        case trustsTheWallClock
        case hidesRollbacks
        case believesThePrevious
    }

    private static let settings = WatchedWorld.settings

    private(set) var violations: [String] = []
    private(set) var restarts = 0
    private(set) var rollbacks = 0
    private(set) var circuits = 0
    private(set) var notices = 0

    private var world: WatchedWorld
    private let flaw: Flaw?
    private var kept: WatchRecord?
    /// By service and release, the true times of restarts.
    private var restarted: [WatchedService: [Duration]] = [:]
    private var coming: WatchedReplica?
    private var passed: [WatchedReplica: Int] = [:]
    private var goneBack: Set<ReleaseID> = []
    private var told: [String: Duration] = [:]

    init(seed: UInt64, flaw: Flaw? = nil) {
        world = WatchedWorld(seed: seed)
        self.flaw = flaw
    }

    /// Gives way after each of them: other tests run beside it on few threads.
    mutating func live(rounds: Int) async {
        for _ in 0..<rounds where violations.isEmpty {
            world.live()
            round()
            world.roundIsOver()
            await Task.yield()
        }
    }

    private mutating func round() {
        var record = kept ?? WatchRecord(at: moment)
        let round = seen(record)
        let decision = record.take(round, Self.settings, .rollback)
        for sighting in round.sightings where round.illness == nil {
            passed[sighting.watched] =
                sighting.finding == .passed ? passed[sighting.watched, default: 0] + 1 : 0
            if sighting.finding == .passed, sighting.watched == coming { coming = nil }
        }
        judge(told: decision)
        kept = record
        // A full disk keeps the round from being written down: then nothing is done.
        if world.generator.isFull { return }
        guard let act = decision.act else { return }
        judge(act)
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

    private func seen(_ record: WatchRecord) -> WatchRound {
        var plans = world.plans(world.active)
        var sightings = (world.replicas(of: world.active) + [world.shared]).map(world.sighting)
        if flaw == .startsWhatPeopleStopped {
            sightings = sightings.map { sighting in
                sighting.finding == .stopped
                    ? Sighting(sighting.watched, .down("ended"), start: sighting.start)
                    : sighting
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

    private mutating func judge(_ act: WatchAct) {
        if let occupation = world.occupation { fail("acted although \(occupation)") }
        if let illness = world.illness { fail("acted although \(illness)") }
        if world.hasLeapt { fail("acted in the first round after a leap") }
        switch act {
        case .restart(let watched, _): judge(restartOf: watched)
        case .rollBack(let from, let to, _): judge(wayBackFrom: from, to)
        }
    }

    private mutating func judge(restartOf watched: WatchedReplica) {
        let truth = world.truths[watched]
        if truth?.health == .well { fail("restarted \(watched.name), which is well") }
        if truth?.health == .stopped { fail("started \(watched.name), which a person stopped") }
        if truth?.health == .looping { fail("restarted \(watched.name), as the engine does") }
        if world.isDependencyIll(of: watched) {
            fail("restarted \(watched.name), which needs an ill service")
        }
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
        }
    }
}

extension WatchedWorld {
    var shared: WatchedReplica { WatchedReplica(nil, Replica(service: "db", index: 1)) }

    /// The time in which the host ran, over all its starts; a suspended host restarts nobody.
    var uptimeOfAll: Duration { time }

    func uptimeSince(_ moment: Duration) -> Duration { time - moment }
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
