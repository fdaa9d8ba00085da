import BlueGreen
import TestSupport
import Testing

/// Every state that a run can die in, taken up with traffic on every side.
@Suite("Recovery from everywhere")
struct RecoveryTableTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let failure = Failure(.step(phase: "any"), "It failed.")
    private let worker = PlannedReplica(Sample.worker, 1)

    private func deployment(
        _ kind: DeploymentKind = .deploy, stopsFirst: Bool = false, isWatched: Bool = false
    ) -> Deployment {
        let services = [Sample.api, Sample.web, Sample.worker]
        return Sample.deployment(
            kind: kind, previous: before, services: services, previousServices: services,
            settings: DeploymentSettings(
                room: stopsFirst ? .stopFirst : .warn, hooks: hooks,
                bake: isWatched ? Bake() : .none,
                canary: Canary(steps: isWatched ? [Share(percent: 10), Share(percent: 50)] : []),
                promotion: isWatched && !stopsFirst ? .manual(within: .seconds(60)) : .auto))
    }

    /// One at every point, so that a run can die in each.
    private let hooks = Hooks(
        beforeStart: [Hook(["migrate"], in: .service("web"))], beforeSwitch: [Hook(["smoke"])],
        afterSwitch: [Hook(["purge"])], afterRetire: [Hook(["tell"])])

    private let tight = RoomReport(
        needs: [], memoryAvailable: .zero, heldByPrevious: .mebibytes(1),
        reserve: .mebibytes(1))

    /// All states of a run, forwards and backwards from a failure at every one of them.
    private func states(of begun: Deployment) -> [Deployment] {
        var found: [Deployment] = []
        var open = [begun]
        while let next = open.popLast() {
            if next.outcome != nil || found.contains(next) { continue }
            found.append(next)
            if let step = next.nextStep(at: Sample.moment) {
                for result in results(of: step, next) {
                    var after = next
                    let isLook = if case .observe = step { true } else { false }
                    after.record(result, at: isLook ? step.end ?? Sample.moment : Sample.moment)
                    open.append(after)
                }
            }
            for answer in [Deployment.Answer.promote, .abort(reason: "No.")]
            where next.waitsUntil != nil {
                var after = next
                after.answer(answer, at: Sample.moment)
                open.append(after)
            }
        }
        return found
    }

    private func results(of step: Step, _ deployment: Deployment) -> [StepResult] {
        let isTight = deployment.settings.room == .stopFirst
        let good: StepResult =
            switch step {
            case .checkRoom where isTight: .noRoom(tight)
            case .observe: .observed(Observation())
            default: .done
            }
        guard deployment.failure == nil else { return [good] }
        if case .observe(.before, _) = step { return [good, .failed(failure)] }
        if case .observe = step { return [good, .observed(Observation(trouble: failure))] }
        return [good, .failed(failure)]
    }

    private struct Ending {
        var live: Colour?
        /// The other colour gets a share.
        var isDivided: Bool
        var deployment: Deployment
        var steps: [Step] = []
        /// A colour was stopped or removed while it had traffic.
        var harmed = false
    }

    private func mayBeDivided(_ state: Deployment) -> Bool {
        switch state.position?.stage {
        case .route(.share), .watch(.canary): true
        default: false
        }
    }

    private func recovered(_ state: Deployment, live: Colour?) -> Ending {
        var ending = Ending(
            live: live, isDivided: live == .blue && mayBeDivided(state),
            deployment: state)
        ending.deployment.recover(live: live, at: Sample.moment)
        while ending.steps.count < 60 {
            let next = ending.deployment.next(at: Sample.moment)
            if case .waitForPerson = next {
                ending.deployment.answer(.promote, at: Sample.moment)
                continue
            }
            guard let step = next.step else { break }
            ending.steps.append(step)
            switch step {
            case .route(.share): ending.isDivided = true
            case .route(let division):
                ending.live = division.colour
                ending.isDivided = false
            case .stop(let colour), .stopSingletons(let colour), .retire(let colour, _),
                .cleanUp(let colour):
                if ending.live == colour || ending.isDivided { ending.harmed = true }
            case .resolve, .preflight, .checkRoom, .prepare, .start, .awaitUp, .settle, .verify,
                .runHook, .arm, .probeEdge, .confirm, .drain, .beginWatch, .observe, .endWatch,
                .prove:
                break
            }
            let isLook = if case .observe = step { true } else { false }
            ending.deployment.record(
                step.success, at: isLook ? step.end ?? Sample.moment : Sample.moment)
        }
        return ending
    }

    @Test(
        "Wherever it died and wherever traffic is, the run ends, and traffic is where it says",
        arguments: [
            (DeploymentKind.deploy, false, false), (.deploy, true, false),
            (.deploy, false, true), (.deploy, true, true), (.warmRollback, false, true),
            (.coldRollback, true, true),
        ])
    func everywhere(kind: DeploymentKind, stopsFirst: Bool, isWatched: Bool) {
        let states = states(of: deployment(kind, stopsFirst: stopsFirst, isWatched: isWatched))
        #expect(states.count > 15)
        for state in states {
            for live in [Colour.blue, .green] + (state.facts.has(.madeRoom) ? [nil] : []) {
                let ending = recovered(state, live: live)
                let place: Comment = "\(state.spot), live \(live?.rawValue ?? "none")"
                #expect(!ending.harmed, place)
                switch ending.deployment.outcome {
                case .promoted: #expect(ending.live == .green, place)
                case .aborted, .rolledBack: #expect(ending.live == .blue, place)
                case .unknown, nil: Issue.record(place)
                }
            }
        }
    }

    @Test("Where room was made, the undoing starts the previous set before it gets traffic")
    func restores() {
        for state in states(of: deployment(stopsFirst: true)) where state.facts.has(.madeRoom) {
            for live in [Colour.blue, nil] {
                let ending = recovered(state, live: live)
                let place: Comment = "\(state.spot), live \(live?.rawValue ?? "none")"
                let web = PlannedReplica(Sample.web, 1)
                let started = ending.steps.firstIndex(of: .start(web, of: before))
                let switched = ending.steps.firstIndex(of: .route(.all(.blue)))
                #expect(started != nil && switched != nil, place)
                #expect(started ?? 0 < switched ?? 0, place)
                #expect(ending.steps.last == .awaitUp(worker, of: before), place)
            }
        }
    }

    @Test("A singleton that may have been handed over is stopped before it is given back")
    func givesBack() {
        let phases: [Spot] = [
            .stoppingSingletons, .handingOver(.starting(0)), .handingOver(.probing(0)),
            .retiring,
        ]
        for phase in phases {
            for live in [Colour.blue, nil] {
                guard let state = play(deployment(), to: phase) else {
                    Issue.record("no \(phase)")
                    continue
                }
                let steps = recovered(state, live: live).steps
                let stopped = steps.firstIndex(of: .stopSingletons(.green))
                let started = steps.firstIndex(of: .start(worker, of: before))
                #expect(stopped != nil && started != nil, "\(phase)")
                #expect(stopped ?? 0 < started ?? 0, "\(phase)")
            }
        }
    }

    @Test("After retiring has begun there may be nothing to go back to, so it never goes back")
    func retired() throws {
        for failing in [Spot.confirming, .switching] {
            var state = try #require(play(deployment(), to: .retiring))
            state.recover(live: .green, at: Sample.moment)
            #expect(state.spot == .confirming)
            if failing == .switching { state.recover(live: .green, at: Sample.moment) }
            #expect(state.spot == failing)
            state.record(.failed(failure), at: Sample.moment)
            #expect(state.outcome == .unknown)
        }
    }

    @Test("After retiring has begun, what came before it is not done again")
    func retiredOn() throws {
        var state = try #require(play(deployment(), to: .retiring))
        state.recover(live: .green, at: Sample.moment)
        let tell = Step.runHook(Hook(["tell"]), .afterRetire)
        #expect(play(state).1 == [.confirm(.all(.green)), .retire(.blue, .running), tell])
    }

    @Test("An interruptible phase changes nothing that cannot be undone")
    func interrupted() {
        for stopsFirst in [false, true] {
            let states = states(of: deployment(stopsFirst: stopsFirst, isWatched: true))
            for state in states where state.isInterruptible {
                var ended = state
                ended.record(.interrupted(signal: "SIGINT"), at: Sample.moment)
                let (_, steps) = play(ended)
                let isForward = steps.contains(.route(.all(.green)))
                #expect(!isForward, "\(state.spot)")
            }
        }
    }
}
