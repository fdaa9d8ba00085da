import BlueGreen
import TestSupport
import Testing

@Suite("The hooks of a deployment")
struct HookTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let failure = Failure(.step(phase: "any"), "It failed.")
    private let hooks = Hooks(
        beforeStart: [Hook(["login"]), Hook(["migrate"], in: .service("web"))],
        beforeSwitch: [Hook(["smoke"]), Hook(["warm"], in: .service("web"))],
        afterSwitch: [Hook(["purge"]), Hook(["look"], in: .service("web"))],
        afterRetire: [Hook(["tell"]), Hook(["tidy"])])

    private func deployment(
        _ kind: DeploymentKind = .deploy, isFirst: Bool = false, hooks: Hooks? = nil
    ) -> Deployment {
        Sample.deployment(
            kind: kind, previous: isFirst ? nil : before, services: [Sample.web],
            settings: DeploymentSettings(hooks: hooks ?? self.hooks))
    }

    /// The steps as words: a hook's first word, and of the others what matters to hooks.
    private func story(_ steps: [Step]) -> [String] {
        steps.compactMap { step in
            switch step {
            case .runHook(let hook, _): hook.words[0]
            case .prepare: "prepare"
            case .start: "start"
            case .verify: "verify"
            case .arm: "arm"
            case .route(.nobody): "switch none"
            case .route(.all(let colour)): "switch \(colour)"
            // The candidate drains on the way back, whatever hooks say.
            case .drain(let colour, _): colour == before.colour ? "drain" : nil
            case .retire: "retire"
            case .cleanUp: "clean up"
            case .resolve, .preflight, .checkRoom, .awaitUp, .settle, .probeEdge, .confirm, .stop,
                .stopSingletons,
                .beginWatch, .observe, .endWatch, .prove, .route(.share):
                nil
            }
        }
    }

    @Test("Each point's hooks run in their order and in their place")
    func order() {
        let (ended, steps) = play(deployment())
        #expect(ended.outcome == .promoted)
        #expect(
            story(steps) == [
                "prepare", "migrate", "start", "verify", "arm", "smoke", "warm", "verify",
                "switch green", "purge", "look", "drain", "retire", "tell", "tidy",
            ])
        let names = ended.phases.map(\.name)
        for point in HookPoint.allCases { #expect(names.contains(point.phaseName)) }
    }

    @Test("Shared services are up before a hook runs in the candidate's image")
    func shared() {
        let db = PlannedService(name: "db", role: .shared)
        let first = Sample.deployment(
            services: [db, Sample.web], settings: DeploymentSettings(hooks: hooks))
        let steps = play(first).1
        let candidate = first.candidate
        #expect(
            steps.dropFirst(3).prefix(5) == [
                .start(PlannedReplica(db, 1), of: candidate),
                .awaitUp(PlannedReplica(db, 1), of: candidate),
                .settle(
                    SettleBounds(), notBefore: Sample.moment + .milliseconds(3040),
                    until: Sample.moment + .milliseconds(63_040)),
                .runHook(Hook(["migrate"], in: .service("web")), .beforeStart),
                .start(PlannedReplica(Sample.web, 1), of: candidate),
            ])
    }

    @Test("Where room has to be made, a hook that fails before the start costs no traffic")
    func beforeRoom() {
        let none = RoomReport(
            needs: [], memoryAvailable: .zero, heldByPrevious: .mebibytes(1),
            reserve: .mebibytes(1))
        let deployment = Sample.deployment(
            previous: before, services: [Sample.web], previousServices: [Sample.web],
            settings: DeploymentSettings(room: .stopFirst, hooks: hooks))
        let results: [Spot: StepResult] = [.checkingRoom: .noRoom(none)]
        let (ended, steps) = play(deployment, results)
        #expect(ended.outcome == .promoted)
        #expect(
            story(steps).prefix(5) == ["prepare", "migrate", "switch none", "drain", "start"])
        let (failed, _) = play(
            deployment,
            results.merging([.hook(.beforeStart, 0): .failed(failure)]) { $1 })
        #expect(failed.outcome == .aborted)
        #expect(!failed.facts.has(.madeRoom))
    }

    @Test("An app's first deployment runs them all as well")
    func first() {
        let (ended, steps) = play(deployment(isFirst: true))
        #expect(ended.outcome == .promoted)
        #expect(
            story(steps) == [
                "prepare", "migrate", "start", "verify", "arm", "smoke", "warm", "verify",
                "switch blue", "purge", "look", "tell", "tidy",
            ])
    }

    @Test(
        "A rollback runs none before the switch",
        arguments: [DeploymentKind.warmRollback, .coldRollback])
    func rollback(kind: DeploymentKind) {
        let ran = story(play(deployment(kind)).1)
        #expect(
            ran.filter { !["prepare", "start", "verify", "arm"].contains($0) } == [
                "switch green", "purge", "look", "drain", "retire", "tell", "tidy",
            ])
    }

    @Test("One that fails before the switch ends the deployment, and traffic is not touched")
    func failsBefore() {
        for phase in [
            Spot.hook(.beforeStart, 0), .hook(.beforeSwitch, 0),
            .hook(.beforeSwitch, 1),
        ] {
            let (ended, steps) = play(deployment(), [phase: .failed(failure)])
            #expect(ended.outcome == .aborted, "\(phase)")
            #expect(ended.failure == failure)
            #expect(!story(steps).contains { $0.hasPrefix("switch") }, "\(phase)")
            #expect(story(steps).last == "clean up")
        }
    }

    @Test("A candidate that died while hooks ran before the switch gets no traffic")
    func diedMeanwhile() {
        let (ended, steps) = play(deployment(), [.verifyingAgain: .failed(failure)])
        #expect(ended.outcome == .aborted)
        #expect(story(steps).suffix(2) == ["verify", "clean up"])
    }

    @Test("One that fails after the switch takes traffic back before anything has drained")
    func failsAfter() {
        for index in 0...1 {
            let phase = Spot.hook(.afterSwitch, index)
            let (ended, steps) = play(deployment(), [phase: .failed(failure)])
            #expect(ended.outcome == .rolledBack)
            #expect(ended.failure == failure)
            #expect(!story(steps).contains("drain"))
            #expect(story(steps).suffix(2) == ["switch blue", "clean up"])
        }
    }

    @Test("On a rollback one that fails is a warning, and the others run")
    func failsOnRollback() {
        let (ended, steps) = play(
            deployment(.warmRollback), [.hook(.afterSwitch, 0): .failed(failure)])
        #expect(ended.outcome == .promoted)
        #expect(ended.failure == nil)
        #expect(ended.warnings.map(\.message) == ["It failed."])
        #expect(story(steps).contains("look") && story(steps).contains("tidy"))
    }

    @Test("One that fails when all is done is a warning, and the others run")
    func failsAtTheEnd() {
        let (ended, steps) = play(
            deployment(), [.hook(.afterRetire, 0): .failed(failure)])
        #expect(ended.outcome == .promoted)
        #expect(ended.failure == nil)
        #expect(ended.warnings.map(\.message) == ["It failed."])
        #expect(story(steps).last == "tidy")
    }

    @Test("A previous colour that could not be retired keeps no hook from running")
    func retireFails() {
        let (ended, steps) = play(deployment(), [.retiring: .failed(failure)])
        #expect(ended.outcome == .promoted)
        #expect(story(steps).suffix(2) == ["tell", "tidy"])
    }

    @Test("A signal ends one before the switch and none after it")
    func signals() throws {
        for point in HookPoint.allCases {
            let state = try #require(play(deployment(), to: .hook(point, 0)))
            #expect(state.isInterruptible == [.beforeStart, .beforeSwitch].contains(point))
            #expect(state.isPastSwitch == [.afterSwitch, .afterRetire].contains(point))
        }
        let interrupted = StepResult.interrupted(signal: "SIGTERM")
        let (ended, _) = play(deployment(), [.hook(.beforeSwitch, 0): interrupted])
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .signal("SIGTERM"))
    }

    @Test("Interrupted with traffic on the candidate, the hooks after the switch run once more")
    func carriedForward() throws {
        var state = try #require(play(deployment(), to: .hook(.afterSwitch, 1)))
        state.recover(live: .green, at: Sample.moment)
        #expect(story(play(state).1) == ["purge", "look", "drain", "retire", "tell", "tidy"])
    }

    @Test("Once they have all run, no recovery runs them again", arguments: [false, true])
    func notAgain(isFirst: Bool) throws {
        var state = try #require(
            play(deployment(isFirst: isFirst), to: .hook(.afterRetire, 1)))
        state.recover(live: state.candidate.colour, at: Sample.moment)
        let rest = isFirst ? ["tell", "tidy"] : ["retire", "tell", "tidy"]
        #expect(story(play(state).1) == rest)
    }

    @Test("A drain that a signal ends early says that the last hooks were not run")
    func endedDrain() {
        var state = deployment()
        var now = Sample.moment
        while let step = state.nextStep(at: now) {
            if case .drain = step { break }
            state.record(.done, at: now)
            now = now + .milliseconds(1)
        }
        #expect(state.spot == .draining)
        state.record(.interrupted(signal: "SIGTERM"), at: now)
        state = play(state).0
        #expect(state.outcome == .promoted)
        #expect(
            state.warnings.last?.message
                == "The after_retire hooks were not run: nothing was retired.")
    }

    @Test("A hook learns of its deployment, and what there is not is empty")
    func variables() {
        let all = deployment().circumstances(at: .beforeSwitch).variables(of: "shop")
        #expect(
            all == [
                "TEAL_APP": "shop", "TEAL_COLOUR": "green",
                "TEAL_RELEASE": Sample.release(2).text,
                "TEAL_PREVIOUS_RELEASE": Sample.release(1).text, "TEAL_LABEL": "",
                "TEAL_HOOK_RUN": "",
                "TEAL_PREVIEW_URL": "",
            ])
        let first = deployment(isFirst: true).circumstances(at: .beforeStart)
        #expect(first.variables(of: "shop")["TEAL_PREVIOUS_RELEASE"] == "")
    }

    @Test("A hook is shown as one would type it")
    func text() {
        #expect(Hook(["./migrate", "--all"]).text == "`./migrate --all`")
        #expect(
            Hook(["sh", "-c", "a b", ""], in: .service("web")).text
                == "`sh -c 'a b' ''` in web")
    }
}
