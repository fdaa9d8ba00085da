import TestSupport
import Testing

@testable import BlueGreen

/// Troubles of the app, the host and its clocks: each has a bound, and no act makes it worse.
@Suite("Faults in the record of a watch")
struct WatchFaultTests {
    private typealias Rounds = WatchedRounds
    private static let (web1, web2) = (Rounds.web1, Rounds.web2)
    private static let restart = WatchAct.restart(web1, reason: "blue web-1 answered 503")

    /// Lets rounds pass, carries out each act, and notes which there were.
    private static func acts(
        _ rounds: inout Rounds, _ count: Int,
        _ found: (Int, Rounds) -> [WatchedReplica: Sighting.Finding]
    ) -> (acts: [WatchAct], told: [WatchEvent.Kind]) {
        var (acts, told): ([WatchAct], [WatchEvent.Kind]) = ([], [])
        for number in 0..<count {
            let decision = rounds.take(found(number, rounds))
            told += decision.told.map(\.kind)
            guard let act = decision.act else { continue }
            acts.append(act)
            rounds.record.begin(act, rounds.settings)
            let moment = WatchMoment(wall: rounds.wall, uptime: rounds.uptime, boot: rounds.boot)
            let end = rounds.record.end(act, failure: nil, at: moment, rounds.settings)
            told += end.told.map(\.kind)
        }
        return (acts, told)
    }

    @Test("A replica that fails every other time is never restarted, and nobody is told")
    func flapping() {
        var rounds = Rounds()
        let seen = Self.acts(&rounds, 400) { number, _ in
            number % 3 == 0 ? [:] : [Self.web1: Rounds.ill]
        }
        #expect(seen.acts.isEmpty)
        #expect(seen.told.isEmpty)
    }

    @Test("One that falls ill after each restart costs the budget of each window, and no more")
    func flappingSlowly() {
        var rounds = Rounds()
        // Four hours, in which it is well for a minute and ill for a minute.
        let seen = Self.acts(&rounds, 960) { number, _ in
            number / 4 % 2 == 0 ? [:] : [Self.web1: Rounds.ill]
        }
        #expect(seen.acts.count == rounds.settings.restarts.atMost)
        #expect(seen.told.count { $0 == .circuitOpen } == 1)
        // One state is told once in its cool-down of ten minutes.
        #expect(seen.told.count { $0 == .unhealthy } <= 24)
    }

    @Test("A container that the engine starts again and again is left to it")
    func looping() {
        var rounds = Rounds()
        let seen = Self.acts(&rounds, 400) { _, _ in [Self.web1: .looping(restarts: 5)] }
        #expect(seen.acts.isEmpty)
        #expect(seen.told == [.unhealthy, .circuitOpen])
    }

    @Test("Both colours bad: the budget is spent, and the traffic stays where it is")
    func bothBad() {
        let idle = WatchedReplica(Rounds.green, Replica(service: "web", index: 1))
        var rounds = Rounds()
        rounds.reaction = .rollback
        rounds.plans.append(Rounds.plan(Rounds.green, "web", .exposed, .off))
        rounds.wayBack = WayBackCase(
            active: Rounds.blue, promotedAt: Sample.moment, isRollback: false,
            wasRolledBack: false, previous: (Rounds.green, [idle]))
        let bad: [WatchedReplica: Sighting.Finding] = [
            Self.web1: Rounds.ill, Self.web2: Rounds.ill, idle: Rounds.ill,
        ]
        let seen = Self.acts(&rounds, 400) { _, _ in bad }
        #expect(seen.acts.count == rounds.settings.restarts.atMost)
        #expect(!seen.acts.contains { if case .rollBack = $0 { true } else { false } })
        #expect(seen.told.count { $0 == .circuitOpen } == 1)
    }

    @Test("An engine that comes back with all containers started anew restarts none of them")
    func engineRestarted() {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.illness = .engine("no answer")
        let away = Self.acts(&rounds, 8) { _, _ in [:] }
        rounds.illness = nil
        rounds.start = "2"
        rounds.startedAt = rounds.wall
        let back = Self.acts(&rounds, 8) { number, _ in number < 2 ? [Self.web1: Rounds.ill] : [:] }
        #expect(away.acts.isEmpty && back.acts.isEmpty)
        #expect(away.told + back.told == [.hostIll, .hostWell])
    }

    @Test(
        "A clock that is set by hours counts no pause, no window and no rest as over, nor anew",
        arguments: [-7, -1, 1, 7])
    func setClock(hours: Int) {
        var rounds = Rounds()
        rounds.settings.restarts.pause = .seconds(120)
        rounds.take(2, [:])
        let ill = [Self.web1: Rounds.ill]
        #expect(Self.acts(&rounds, 3) { _, _ in ill }.acts == [Self.restart])
        rounds.wall = rounds.wall + .seconds(3600 * hours)
        // Three failures that count are there after a minute, the pause is over after two.
        #expect(Self.acts(&rounds, 7) { _, _ in ill }.acts.isEmpty)
        #expect(Self.acts(&rounds, 1) { _, _ in ill }.acts == [Self.restart])
        #expect(rounds.record.restartsLeft(of: Self.web1.service, rounds.settings) == 1)
    }

    @Test("A replica that was started before the clock was set forward has its grace")
    func graceOverSetClock() {
        var rounds = Rounds()
        rounds.plans = rounds.plans.map { $0.with(grace: .seconds(120)) }
        rounds.wall = Sample.moment + .seconds(600)
        rounds.take(2, [:])
        // It is started between two rounds, and so is the clock set.
        rounds.start = "2"
        rounds.startedAt = rounds.wall
        rounds.wall = rounds.wall + .seconds(3 * 3600)
        #expect(Self.acts(&rounds, 7) { _, _ in [Self.web1: Rounds.ill] }.acts.isEmpty)
        #expect(rounds.record.replicas[Self.web1]?.verdict != .unhealthy)
    }

    @Test("A host that is suspended again and again restarts nobody, since nobody looked meanwhile")
    func suspends() {
        var rounds = Rounds()
        rounds.take(2, [:])
        var acts: [WatchAct] = []
        for _ in 1...20 {
            // Two rounds fail, then the lid is closed for two hours.
            acts += Self.acts(&rounds, 2) { _, _ in [Self.web1: Rounds.ill] }.acts
            rounds.wall = rounds.wall + .seconds(7200)
        }
        #expect(acts.isEmpty)
        #expect(rounds.record.restartsLeft(of: Self.web1.service, rounds.settings) == 3)
    }

    @Test("After a suspend one act comes at a time, and none before new failures")
    func afterSuspend() {
        var rounds = Rounds()
        rounds.plans = rounds.plans.map { $0.with(grace: .seconds(60)) }
        rounds.wall = Sample.moment + .seconds(600)
        rounds.take(2, [:])
        rounds.take(2, [Self.web1: Rounds.ill, Self.web2: Rounds.ill])
        rounds.wall = rounds.wall + .seconds(8 * 3600)
        let bad = [Self.web1: Rounds.ill, Self.web2: Rounds.ill]
        #expect(Self.acts(&rounds, 2) { _, _ in bad }.acts.isEmpty)
        #expect(Self.acts(&rounds, 1) { _, _ in bad }.acts == [Self.restart])
    }

    @Test("A death right behind a restart waits until that one is up, though nobody looked at it")
    func deathBehindRestart() {
        var rounds = Rounds()
        rounds.plans = rounds.plans.map { $0.with(grace: .seconds(60)) }
        rounds.wall = Sample.moment + .seconds(600)
        rounds.take(2, [:])
        #expect(Self.acts(&rounds, 3) { _, _ in [Self.web1: Rounds.ill] }.acts == [Self.restart])
        let event = WatchRound(
            at: WatchMoment(
                wall: rounds.wall + .seconds(1), uptime: rounds.uptime + .seconds(1), boot: "a"),
            gap: .seconds(40), plans: rounds.plans,
            sightings: [Sighting(Rounds.api, .down("ended with exit code 1"), start: "1")],
            isPartial: true, wayBack: rounds.wayBack)
        #expect(rounds.record.take(event, rounds.settings, .restart).act == nil)
        // Up again, and seen.
        rounds.start = "2"
        rounds.startedAt = rounds.wall
        let seen = Self.acts(&rounds, 1) { _, _ in [Rounds.api: .down("ended with exit code 1")] }
        #expect(seen.acts == [.restart(Rounds.api, reason: "blue api-1 ended with exit code 1")])
    }

    @Test("A replica that a person stops is not restarted while it takes its time, nor told as ill")
    func beingStopped() {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.take([Self.web1: .stopping(since: rounds.wall)])
        // The engine has forgotten by now that it was asked.
        let seen = Self.acts(&rounds, 30) { _, _ in [Self.web1: Rounds.ill] }
        #expect(seen.acts.isEmpty && seen.told.isEmpty)
        let end = Self.acts(&rounds, 4) { _, _ in [Self.web1: .down("ended with exit code 0")] }
        #expect(end.acts.isEmpty)
        #expect(end.told == [.stopped])
        // Somebody has started it again, and it crashes.
        rounds.start = "2"
        rounds.take([:])
        let crash = Self.acts(&rounds, 1) { _, _ in [Self.web1: .down("ended with exit code 1")] }
        #expect(crash.acts.count == 1)
    }

    @Test("A stop that never ends is one for ten minutes, wherever the clock is set meanwhile")
    func stopWithoutEnd() {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.take([Self.web1: .stopping(since: rounds.wall)])
        rounds.wall = rounds.wall + .seconds(-7200)
        let ill = [Self.web1: Rounds.ill]
        // The tenth minute ends with the fortieth round.
        #expect(Self.acts(&rounds, 38) { _, _ in ill }.acts.isEmpty)
        #expect(Self.acts(&rounds, 3) { _, _ in ill }.acts == [Self.restart])
    }

    @Test("An unhealthy replica that a person stops by hand is theirs")
    func illAndStopped() {
        var rounds = Rounds()
        rounds.settings.restarts.pause = .zero
        rounds.take(2, [:])
        #expect(Self.acts(&rounds, 3) { _, _ in [Self.web1: Rounds.ill] }.acts.count == 1)
        let stopping = rounds.wall
        let seen = Self.acts(&rounds, 5) { _, _ in [Self.web1: .stopping(since: stopping)] }
        #expect(seen.acts.isEmpty)
    }
}

extension WatchedPlan {
    fileprivate func with(grace: Duration) -> WatchedPlan {
        WatchedPlan(
            service.placement, PlannedService(name: service.name, role: role), use: use,
            dependencies: dependencies, WatchSettings(fall: 3, rise: 2, grace: grace))
    }
}
