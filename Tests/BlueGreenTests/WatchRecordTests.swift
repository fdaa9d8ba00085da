import TestSupport
import Testing

@testable import BlueGreen

@Suite("The record of a watch")
struct WatchRecordTests {
    private typealias Rounds = WatchedRounds
    private static let (blue, green) = (Rounds.blue, Rounds.green)
    private static let (web1, web2) = (Rounds.web1, Rounds.web2)
    private static let (api, db, ill) = (Rounds.api, Rounds.db, Rounds.ill)

    private static func restart(_ watched: WatchedReplica) -> WatchAct {
        .restart(watched, reason: "\(watched.name) answered 503")
    }

    @Test("A replica is restarted after so many failures in a row, and not before")
    func fall() {
        var rounds = Rounds()
        rounds.take(2, [:])
        #expect(rounds.take(2, [Self.web1: Self.ill]).act == nil)
        let decision = rounds.take([Self.web1: Self.ill])
        #expect(decision.act == Self.restart(Self.web1))
        #expect(decision.events.map(\.kind) == [.unhealthy])
        #expect(decision.events[0].probes.map(\.text) == Array(repeating: "answered 503", count: 3))
    }

    @Test("Who only tells restarts nothing")
    func notify() {
        var rounds = Rounds()
        rounds.reaction = .notify
        rounds.take(2, [:])
        let decision = rounds.take(3, [Self.web1: Self.ill])
        #expect(decision.act == nil)
        #expect(decision.told.map(\.kind) == [.unhealthy])
    }

    @Test("The end of a container counts at once, and that by a person's hand not at all")
    func down() {
        var rounds = Rounds()
        rounds.take(2, [:])
        #expect(rounds.take([Self.web1: .stopped]).act == nil)
        #expect(rounds.record.replicas[Self.web1]?.verdict == .stopped)
        let decision = rounds.take([Self.web1: .stopped, Self.web2: .down("ended")])
        #expect(decision.act == .restart(Self.web2, reason: "blue web-2 ended"))
    }

    @Test("What needs an ill service is not restarted, and the service it needs is")
    func dependencies() {
        var rounds = Rounds()
        rounds.take(2, [:])
        let decision = rounds.take(3, [Self.web1: Self.ill, Self.api: Self.ill])
        #expect(decision.act == Self.restart(Self.api))
        var others = Rounds()
        others.take(2, [:])
        #expect(others.take(3, [Self.web1: Self.ill, Self.db: Self.ill]).act == nil)
    }

    @Test("A second replica waits until the first one is up")
    func oneAtATime() {
        var rounds = Rounds()
        rounds.plans = rounds.plans.map {
            WatchedPlan(
                $0.service.placement, PlannedService(name: $0.service.name, role: $0.role),
                use: $0.use, dependencies: $0.dependencies,
                WatchSettings(fall: 3, rise: 2, grace: .seconds(60)))
        }
        rounds.wall = Sample.moment + .seconds(600)
        rounds.take(2, [:])
        let act = rounds.take(3, [Self.web1: Self.ill, Self.web2: Self.ill]).act
        #expect(act == Self.restart(Self.web1))
        rounds.record.begin(Self.restart(Self.web1), rounds.settings)
        // Started again, and not up yet.
        let sighting = Sighting(Self.web1, Self.ill, start: "2", startedAt: rounds.wall)
        rounds.wall = rounds.wall + .seconds(15)
        rounds.uptime += .seconds(15)
        let round = WatchRound(
            at: WatchMoment(wall: rounds.wall, uptime: rounds.uptime, boot: "a"),
            gap: .seconds(40), plans: rounds.plans,
            sightings: [sighting, Sighting(Self.web2, Self.ill, start: "1")],
            wayBack: rounds.wayBack)
        #expect(rounds.record.take(round, rounds.settings, .restart).act == nil)
    }

    @Test("A spent budget opens the circuit, which is told once")
    func circuit() {
        var rounds = Rounds()
        rounds.settings.restarts.atMost = 1
        rounds.take(2, [:])
        let act = rounds.take(3, [Self.web1: Self.ill]).act
        #expect(act != nil)
        rounds.record.begin(Self.restart(Self.web1), rounds.settings)
        let decision = rounds.take([Self.web1: Self.ill])
        #expect(decision.act == nil)
        #expect(decision.told.map(\.kind) == [.circuitOpen])
        #expect(rounds.take(5, [Self.web1: Self.ill]).told.isEmpty)
        #expect(rounds.record.openCircuits.map(\.service) == [Self.web1.service])
        rounds.record.reset(Self.web1.service)
        #expect(rounds.take([Self.web1: Self.ill]).act == Self.restart(Self.web1))
    }

    @Test(
        "Nothing is done during a deployment, in maintenance, for a run's sake or on an ill host",
        arguments: [
            WatchHold.deployment(number: 3), .maintenance, .run("`teal compose`"), .unclear("lost"),
        ])
    func holds(occupation: WatchHold) {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.occupation = occupation
        let decision = rounds.take(4, [Self.web1: Self.ill])
        #expect(decision.act == nil)
        #expect(decision.hold == occupation)
        #expect(rounds.record.replicas[Self.web1]?.verdict == .unhealthy)
    }

    @Test("A deployment whose run is gone is told once, in the second round that finds it so")
    func runIsGone() {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.occupation = .cutOff(number: 3)
        #expect(rounds.take([:]).told.isEmpty)
        let told = rounds.take([:]).told
        #expect(told.map(\.kind) == [.deploymentCutOff])
        #expect(told.map(\.subject) == ["deployment 3"])
        #expect(rounds.take(10, [:]).events.isEmpty)
        rounds.occupation = nil
        rounds.take([:])
        rounds.occupation = .cutOff(number: 3)
        #expect(rounds.take([:]).events.isEmpty)
    }

    @Test("A set that was stopped, and is started to serve, begins without the verdict of then")
    func idleVerdict() throws {
        var rounds = Rounds()
        let idle = WatchedReplica(Self.green, Replica(service: "web", index: 1))
        rounds.plans.append(Rounds.plan(Self.green, "web", .exposed, .off))
        rounds.wayBack = WayBackCase(
            active: Self.blue, promotedAt: Sample.moment, isRollback: false, wasRolledBack: false,
            previous: (placement: Self.green, replicas: [idle]))
        rounds.take(2, [idle: .down("ended with exit code 0")])
        #expect(rounds.record.replicas[idle]?.verdict == .unhealthy)
        // It was started, and has the traffic.
        rounds.plans = [Rounds.plan(Self.green, "web", .exposed)]
        rounds.wayBack = WayBackCase(
            active: Self.green, promotedAt: rounds.wall, isRollback: true, wasRolledBack: false,
            previous: nil)
        rounds.start = "2"
        for _ in 1...3 {
            let decision = rounds.take([idle: .passed])
            #expect(decision.events.isEmpty && decision.told.isEmpty)
        }
        #expect(rounds.record.replicas[idle]?.verdict == .healthy)
    }

    @Test("A healthy replica has been so since its present start at most")
    func sinceStart() {
        var rounds = Rounds()
        rounds.take(3, [:])
        rounds.start = "2"
        rounds.take([:])
        #expect(rounds.record.replicas[Self.web1]?.verdict == .healthy)
        #expect(rounds.record.replicas[Self.web1]?.since == rounds.wall)
    }

    @Test("A host that is ill is told once, and counts against no replica")
    func illness() {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.illness = .engine("no answer")
        #expect(rounds.take([Self.web1: Self.ill]).told.map(\.kind) == [.hostIll])
        #expect(rounds.take(5, [Self.web1: Self.ill]).told.isEmpty)
        #expect(rounds.record.replicas[Self.web1]?.verdict == .healthy)
        rounds.illness = nil
        #expect(rounds.take([:]).told.map(\.kind) == [.hostWell])
    }

    @Test("A round that could not look forgets neither streaks nor budgets")
    func blind() {
        var rounds = Rounds()
        rounds.settings.restarts.atMost = 1
        rounds.take(2, [:])
        rounds.take(3, [Self.web1: Self.ill])
        rounds.record.begin(Self.restart(Self.web1), rounds.settings)
        let before = rounds.record
        let blind = WatchRound(
            at: WatchMoment(wall: rounds.wall, uptime: rounds.uptime, boot: "a"),
            gap: .seconds(40), plans: [], sightings: [], illness: .engine("no answer"))
        _ = rounds.record.take(blind, rounds.settings, .restart)
        #expect(rounds.record.replicas == before.replicas)
        #expect(rounds.record.services == before.services)
    }

    @Test("A restart that was cut off is over when the replica passes: who stops it then is heard")
    func cutOff() {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.record.begin(Self.restart(Self.web1), rounds.settings)
        #expect(rounds.record.act != nil)
        rounds.take([:])
        #expect(rounds.record.act == nil)
    }

    @Test("A restart that was cut off and came to its end by itself is told, once, with its reason")
    func cutOffAndDone() {
        var rounds = Rounds()
        rounds.take(2, [:])
        rounds.take(3, [Self.web1: Self.ill])
        rounds.record.begin(Self.restart(Self.web1), rounds.settings)
        rounds.start = "2"
        let decision = rounds.take([Self.web1: Self.ill])
        #expect(rounds.record.act == nil)
        #expect(decision.told.map(\.kind) == [.restarted])
        #expect(decision.events.first?.reason.hasPrefix("blue web-1 answered 503. ") == true)
        #expect(decision.events.first?.probes.isEmpty == false)
        #expect(rounds.take(3, [:]).events.allSatisfy { $0.kind != .restarted })
        #expect(rounds.record.restartsLeft(of: Self.web1.service, rounds.settings) == 2)
    }

    @Test("After a set clock, a suspend, a reboot or a gap the first round only records")
    func leaps() {
        let leaps: [@Sendable (inout Rounds) -> Void] = [
            { $0.wall = $0.wall + .seconds(-7200) }, { $0.wall = $0.wall + .seconds(7200) },
            { $0.uptime += .seconds(300) },
            {
                $0.boot = "b"
                $0.uptime = .seconds(10)
            },
        ]
        for leap in leaps {
            var rounds = Rounds()
            rounds.take(2, [:])
            rounds.take(2, [Self.web1: Self.ill])
            leap(&rounds)
            #expect(rounds.take([Self.web1: Self.ill]).act == nil)
            #expect(rounds.take([Self.web1: Self.ill]).act == nil)
            #expect(rounds.take([Self.web1: Self.ill]).act == Self.restart(Self.web1))
        }
    }

    @Test("Traffic goes back once, to a colour that is healthy now, and never from a rollback")
    func rollback() {
        let idle = WatchedReplica(Self.green, Replica(service: "web", index: 1))
        func rounds(_ change: (inout Rounds) -> Void = { _ in }) -> WatchAct? {
            var rounds = Rounds()
            rounds.reaction = .rollback
            rounds.settings.restarts.atMost = 1
            rounds.plans.append(Rounds.plan(Self.green, "web", .exposed, .off))
            rounds.wayBack = WayBackCase(
                active: Self.blue, promotedAt: Sample.moment, isRollback: false,
                wasRolledBack: false, previous: (Self.green, [idle]))
            change(&rounds)
            rounds.take(2, [idle: .passed])
            rounds.take(3, [Self.web1: Self.ill, idle: .passed])
            rounds.record.begin(Self.restart(Self.web1), rounds.settings)
            return rounds.take([Self.web1: Self.ill, idle: .passed]).act
        }
        let back = WatchAct.rollBack(
            from: Self.blue, to: Self.green, reason: "blue web-1 answered 503")
        #expect(rounds() == back)
        func way(_ isRollback: Bool, _ wasRolledBack: Bool) -> WayBackCase {
            WayBackCase(
                active: Self.blue, promotedAt: Sample.moment, isRollback: isRollback,
                wasRolledBack: wasRolledBack, previous: (Self.green, [idle]))
        }
        #expect(rounds { $0.wayBack = way(true, false) } == nil)
        #expect(rounds { $0.wayBack = way(false, true) } == nil)
        #expect(rounds { $0.settings.rollbackWithin = .zero } == nil)
        #expect(rounds { $0.record.begin(back, $0.settings) } == nil)
    }

    @Test("One edge that fails twice is told, and restarts nothing")
    func edges() {
        var rounds = Rounds()
        rounds.take(2, [:])
        func look(_ finding: EdgeFinding) -> WatchDecision {
            rounds.wall = rounds.wall + .seconds(15)
            rounds.uptime += .seconds(15)
            let round = WatchRound(
                at: WatchMoment(wall: rounds.wall, uptime: rounds.uptime, boot: "a"),
                gap: .seconds(40), plans: rounds.plans,
                sightings: [Sighting(Self.web1, .passed, start: "1")], wayBack: rounds.wayBack,
                edges: ["web": finding])
            return rounds.record.take(round, rounds.settings, .restart)
        }
        #expect(look(.broken("nginx is silent")).told.isEmpty)
        #expect(look(.reached).told.isEmpty)
        #expect(look(.broken("nginx is silent")).told.isEmpty)
        let decision = look(.broken("nginx is silent"))
        #expect(decision.told.map(\.kind) == [.edgeBroken])
        #expect(decision.act == nil)
        #expect(look(.reached).told.map(\.kind) == [.edgeWell])
    }

    @Test("The pause doubles up to the longest, and health makes it short again")
    func pauses() {
        let budget = WatchSettings.RestartBudget(
            atMost: 100, within: .seconds(100_000), pause: .seconds(10), longest: .seconds(35),
            resetAfter: .seconds(60))
        var service = ServiceRecord()
        var now = Sample.moment
        #expect(service.next(budget) == nil)
        for pause in [10, 20, 35, 35] {
            service.noteRestart(budget, at: now)
            #expect(service.next(budget) == now + .seconds(pause))
            now = now + .seconds(40)
        }
        let first = service.note(isWell: true, budget, at: now)
        service.open(wall: now)
        let early = service.note(isWell: true, budget, at: now + .seconds(59))
        let last = service.note(isWell: true, budget, at: now + .seconds(60))
        #expect([first, early, last] == [false, false, true])
        #expect(service.next(budget) == nil)
        #expect(service.openSince == nil)
    }
}
