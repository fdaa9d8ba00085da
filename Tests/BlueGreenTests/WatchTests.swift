import BlueGreen
import TestSupport
import Testing

@Suite("A candidate that is watched")
struct WatchTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let failure = Failure(.step(phase: "any"), "It failed.")
    private let quick = RequestFigures(
        requests: 1000, errors: 0, p50: .milliseconds(10), p95: .milliseconds(50),
        p99: .milliseconds(80))

    private func deployment(
        _ kind: DeploymentKind = .deploy, isFirst: Bool = false, bake: Bake = Bake(),
        canary: [Double] = [], promotion: Promotion = .auto
    ) -> Deployment {
        Sample.deployment(
            kind: kind, previous: isFirst ? nil : before, services: [Sample.web],
            settings: DeploymentSettings(
                startAtMost: .zero, bake: bake,
                canary: Canary(
                    steps: canary.map { Share(percent: $0) }, every: .seconds(30)),
                promotion: promotion))
    }

    private func figures(_ requests: Int, errors: Int = 0, p95: Int = 50) -> RequestFigures {
        RequestFigures(
            requests: requests, errors: errors, p50: .milliseconds(10),
            p95: .milliseconds(p95), p99: .milliseconds(p95))
    }

    /// A bake after one look with these figures.
    private func baked(
        _ candidate: RequestFigures, against previous: RequestFigures?
    ) throws -> Deployment {
        var state = try #require(
            play(
                deployment(), to: .baking,
                [.measuringBefore: .observed(Observation(previous: previous))]))
        state.record(
            .observed(Observation(candidate: candidate)), at: Sample.moment)
        return state
    }

    @Test("The previous colour is measured before the switch, the candidate after it")
    func order() {
        let (ended, steps) = play(deployment())
        #expect(ended.outcome == .promoted)
        let words = steps.compactMap { step -> String? in
            switch step {
            case .beginWatch: "watch"
            case .observe(let stage, _): stage.name
            case .endWatch: "end"
            case .route: "switch"
            case .prepare: "prepare"
            case .start: "start"
            case .drain: "drain"
            default: nil
            }
        }
        #expect(
            words == [
                "prepare", "watch", "start", "before", "switch", "watch", "bake", "end", "drain",
            ])
    }

    @Test("Without a bake, a canary or anybody to compare with nothing is watched")
    func unwatched() {
        for begun in [deployment(bake: .none), deployment(isFirst: true)] {
            let steps = play(begun).1
            #expect(!steps.contains { if case .beginWatch = $0 { true } else { false } })
            #expect(!steps.contains { if case .observe = $0 { true } else { false } })
        }
    }

    @Test(
        "A rollback is never watched, never waits and never goes step by step",
        arguments: [DeploymentKind.warmRollback, .coldRollback])
    func rollback(kind: DeploymentKind) {
        let begun = deployment(
            kind, canary: [10], promotion: .manual(within: .seconds(60)))
        let (ended, steps) = play(begun)
        #expect(ended.outcome == .promoted)
        for step in steps {
            switch step {
            case .beginWatch, .observe, .route(.share): Issue.record("\(step)")
            default: break
            }
        }
    }

    @Test("A candidate with too many errors loses its traffic and is kept, stopped")
    func errors() throws {
        let state = try baked(figures(400, errors: 21), against: quick)
        #expect(state.failure?.cause == .breach)
        #expect(
            state.failure?.message
                == "green answered 21 of 400 requests with a 5xx (5.3%); `errors` allows 5%.")
        let (ended, steps) = play(state)
        #expect(ended.outcome == .rolledBack)
        #expect(steps.prefix(2) == [.route(.all(.blue)), .confirm(.all(.blue))])
        #expect(steps.dropFirst(2).map(\.isDrain) == [true, false])
        #expect(steps.last == .stop(.green))
        #expect(ended.facts.observed.last?.candidate == figures(400, errors: 21))
        #expect(ended.facts.observed.last?.previous == quick)
    }

    @Test("A release that halves the errors of a broken one keeps the traffic")
    func fewerErrors() throws {
        let broken = figures(400, errors: 160)
        #expect(try baked(figures(400, errors: 80), against: broken).failure == nil)
        #expect(try baked(figures(400, errors: 160), against: broken).failure == nil)
        #expect(
            try baked(figures(400, errors: 180), against: broken).failure?.message
                == "green answered 180 of 400 requests with a 5xx (45%); `errors` allows 5%, and "
                + "blue had 40%.")
        // Figures of too few requests, or none, are nothing to compare with.
        for unknown in [figures(19, errors: 19), nil] {
            #expect(try baked(figures(400, errors: 80), against: unknown).failure != nil)
        }
    }

    @Test("A canary is held against the errors of the other colour at the same time")
    func fewerErrorsSideBySide() throws {
        var state = try #require(play(deployment(canary: [10]), to: .observingCanary))
        let broken = Observation(
            candidate: figures(100, errors: 20), previous: figures(900, errors: 400))
        state.record(.observed(broken), at: Sample.moment)
        #expect(state.failure == nil)
    }

    @Test("A release that turns everybody away is promoted with a word, if it is new that it does")
    func turnedAway() throws {
        func warnings(_ candidate: Int, _ previous: Int?) throws -> [String] {
            let before = previous.map { RequestFigures(requests: 500, errors: 0, turnedAway: $0) }
            let state = try #require(
                play(
                    deployment(), to: .baking,
                    [.measuringBefore: .observed(Observation(previous: before))]))
            var ended = state
            ended.record(
                .observed(
                    Observation(
                        candidate: RequestFigures(
                            requests: 40, errors: 0, turnedAway: candidate))),
                at: Sample.moment + .seconds(3600))
            #expect(ended.failure == nil)
            return ended.warnings.map(\.message)
        }
        #expect(
            try warnings(40, 3) == [
                "green answered 40 of 40 requests with a redirect or a refusal (3xx, 4xx). Before, "
                    + "it was 3 of 500. Look at the app: `teal rollback` goes back."
            ])
        #expect(try warnings(40, nil).count == 1)
        #expect(try warnings(35, 3).isEmpty)
        // A site that redirects by profession.
        #expect(try warnings(40, 480).isEmpty)
    }

    @Test("A candidate that is too slow loses its traffic")
    func latency() throws {
        let state = try baked(figures(230, p95: 251), against: quick)
        #expect(
            state.failure?.message
                == "green's p95 is 251 ms over 230 requests, 5 times blue's 50 ms; "
                + "`latency` allows 3x.")
    }

    @Test("Figures within bounds, or of too few requests, decide nothing")
    func within() throws {
        let few = figures(19, errors: 19, p95: 9000)
        for (candidate, previous) in [
            (figures(400, errors: 20), quick), (figures(400, p95: 150), quick), (few, quick),
            (figures(400, p95: 9000), few), (figures(400, p95: 9000), nil),
            (figures(400, p95: 19), figures(400, p95: 1)),
        ] as [(RequestFigures, RequestFigures?)] {
            let state = try baked(candidate, against: previous)
            #expect(state.failure == nil)
            #expect(state.spot == .baking)
        }
    }

    @Test("A container in trouble decides at once, whatever the figures")
    func trouble() throws {
        var state = try #require(play(deployment(), to: .baking))
        state.record(
            .observed(Observation(candidate: quick, trouble: failure)), at: Sample.moment)
        #expect(state.failure == failure)
        #expect(play(state).1.last == .stop(.green))
    }

    @Test("Until enough requests came the previous colour is measured for a while, and no longer")
    func measure() throws {
        var state = try #require(play(deployment(), to: .measuringBefore))
        let few = Observation(previous: figures(19))
        state.record(.observed(few), at: Sample.moment + .seconds(5))
        #expect(state.spot == .measuringBefore)
        var enough = state
        enough.record(
            .observed(Observation(previous: figures(20))), at: Sample.moment + .seconds(6))
        #expect(enough.spot == .switching)
        #expect(enough.facts.baseline == figures(20))
        state.record(.observed(few), at: Sample.moment + .seconds(11))
        #expect(state.spot == .switching)
        #expect(state.facts.baseline == figures(19))
    }

    @Test("A canary goes up its steps, and each is watched by itself")
    func canary() {
        let steps = play(deployment(bake: .none, canary: [10, 50])).1
        let first = steps.firstIndex(of: .route(.share(Share(percent: 10), to: .green)))
        let second = steps.firstIndex(of: .route(.share(Share(percent: 50), to: .green)))
        let last = steps.firstIndex(of: .route(.all(.green)))
        #expect(first != nil && second != nil && last != nil)
        #expect(first ?? 0 < second ?? 0 && second ?? 0 < last ?? 0)
        let looks = steps.filter { if case .observe(.canary, _) = $0 { true } else { false } }
        #expect(looks.count == 2)
    }

    @Test("A canary is compared with the other colour side by side, not with the minutes before")
    func sideBySide() throws {
        var state = try #require(
            play(
                deployment(canary: [10]), to: .observingCanary,
                [.measuringBefore: .observed(Observation(previous: quick))]))
        state.record(
            .observed(
                Observation(
                    candidate: figures(200, p95: 400), previous: figures(1800, p95: 390))),
            at: Sample.moment)
        #expect(state.failure == nil)
        state.record(
            .observed(Observation(candidate: figures(200, p95: 400), previous: quick)),
            at: Sample.moment)
        #expect(state.failure?.cause == .breach)
        let (ended, steps) = play(state)
        #expect(ended.outcome == .rolledBack)
        #expect(steps.prefix(2) == [.route(.all(.blue)), .confirm(.all(.blue))])
        #expect(steps.dropFirst(2).map(\.isDrain) == [true, false])
        #expect(steps.last == .stop(.green))
    }

    @Test("Killed after the last step of a canary, or on the way back, it ends the canary first")
    func killedAroundTheCanary() throws {
        let begun = deployment(canary: [10])
        var switching = try #require(play(begun, to: .switching))
        var goingBack = try #require(
            play(begun, to: .switchingBack, [.confirmingDiversion: .failed(failure)]))
        for state in [switching, goingBack] {
            var taken = state
            taken.recover(live: .blue, at: Sample.moment)
            let (ended, steps) = play(taken)
            #expect(steps.first == .route(.all(.blue)))
            #expect(ended.outcome == .rolledBack)
        }
        switching.recover(live: .green, at: Sample.moment)
        #expect(switching.spot == .switching)
        goingBack.recover(live: .green, at: Sample.moment)
        #expect(goingBack.spot == .switchingBack)
    }

    @Test("A watch that cannot be had is a warning, and the deployment goes on")
    func unseen() {
        for phase in [Spot.watchingBefore, .measuringBefore, .watchingBake, .endingBake] {
            let ended = play(deployment(), [phase: .failed(failure)]).0
            #expect(ended.outcome == .promoted, "\(phase)")
            #expect(ended.warnings.map(\.message) == [failure.message], "\(phase)")
            #expect(ended.failure == nil, "\(phase)")
        }
    }

    @Test("A signal ends a bake early and leaves traffic on the candidate; a canary it takes back")
    func signals() throws {
        var baking = try #require(play(deployment(), to: .baking))
        baking.record(
            .interrupted(signal: "SIGTERM"), at: Sample.moment)
        baking = play(baking).0
        #expect(baking.outcome == .promoted)
        #expect(baking.warnings.count == 1)
        var canary = try #require(play(deployment(canary: [10]), to: .observingCanary))
        canary.record(.interrupted(signal: "SIGTERM"), at: Sample.moment)
        #expect(play(canary).0.outcome == .rolledBack)
    }

    @Test("A bake that is taken up ends when it would have ended")
    func takenUp() throws {
        var state = try #require(play(deployment(), to: .baking))
        let end = state.position?.mark
        let later = Sample.moment + .seconds(40)
        state.recover(live: .green, at: later)
        while state.nextStep(at: later) != nil, state.spot != .baking {
            state.record(.done, at: later)
        }
        #expect(state.position?.mark == end)
    }
}
