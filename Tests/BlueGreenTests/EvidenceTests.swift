import BlueGreen
import TestSupport
import Testing

@Suite("The evidence for the end of a deployment")
struct EvidenceTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let failure = Failure(.step(phase: "any"), "It failed.")
    private let services = [Sample.web, Sample.worker]

    private func deployment(
        _ kind: DeploymentKind = .deploy, isFirst: Bool = false, bake: Bake = .none
    ) -> Deployment {
        Sample.deployment(
            kind: kind, previous: isFirst ? nil : before, services: services,
            previousServices: isFirst ? nil : services,
            settings: DeploymentSettings(previous: .stopped, bake: bake))
    }

    @Test(
        "Promoted is only what is proved before anything of the previous colour is stopped",
        arguments: [DeploymentKind.deploy, .warmRollback, .coldRollback])
    func provedLast(kind: DeploymentKind) throws {
        let proving = try #require(play(deployment(kind), to: .proving))
        #expect(
            play(proving).1.prefix(2).last
                == .start(PlannedReplica(Sample.worker, 1), of: proving.candidate))
        let (ended, steps) = play(deployment(kind), [.proving: .failed(failure)])
        #expect(ended.outcome == .rolledBack && ended.failure == failure)
        #expect(!steps.contains(.retire(.blue, .stopped)))
        #expect(!steps.contains(.stopSingletons(.blue)))
    }

    @Test("A bake that a signal ends is proved as well")
    func signal() throws {
        var baking = try #require(play(deployment(bake: Bake()), to: .baking))
        baking.record(.interrupted(signal: "SIGTERM"), at: Sample.moment)
        #expect(baking.spot == .proving)
    }

    @Test("A first release that is ill keeps its traffic, and is not promoted")
    func first() {
        let (ended, steps) = play(deployment(isFirst: true), [.proving: .failed(failure)])
        #expect(ended.outcome == .unknown && ended.isIllFirst)
        #expect(!steps.contains(.route(.nobody)))
        #expect(
            ended.failure?.message
                == "It failed. There is no previous release to go back to, so blue keeps its "
                + "traffic.")
    }

    @Test("A first release is looked at for some seconds, and no other one twice")
    func firstTime() throws {
        for (begun, seconds) in [
            (deployment(isFirst: true, bake: Bake()), 10), (deployment(isFirst: true), 0),
            (deployment(bake: Bake()), 0),
        ] {
            let proving = try #require(play(begun, to: .proving))
            let now = try #require(proving.phases.last?.at)
            #expect(proving.nextStep(at: now) == .prove(until: now + .seconds(seconds)))
        }
    }

    @Test("A switch that did not happen, and old workers that say so, is an abort")
    func stillThere() {
        let (ended, steps) = play(
            deployment(), [.switching: .failed(failure), .switchingBack: .unneeded])
        #expect(ended.outcome == .aborted && ended.failure == failure)
        #expect(steps.suffix(2) == [.route(.all(.blue)), .cleanUp(.green)])
    }

    @Test("A candidate that had traffic was rolled back, also where the way back is over at once")
    func wasAway() {
        let (ended, _) = play(
            deployment(), [.confirming: .failed(failure), .switchingBack: .unneeded])
        #expect(ended.outcome == .rolledBack)
    }

    @Test("What ended without a proof is confirmed and goes on, forwards or backwards")
    func reopened() {
        let unknown: [Spot: StepResult] = [
            .switching: .failed(failure), .switchingBack: .failed(failure),
        ]
        var ended = play(deployment(), unknown).0
        #expect(ended.outcome == .unknown)
        ended.reopen(live: .blue, at: Sample.moment)
        // Meanwhile the candidate may have had requests.
        #expect(play(ended, [.switchingBack: .unneeded]).0.outcome == .rolledBack)

        var first = play(deployment(isFirst: true), [.proving: .failed(failure)]).0
        first.reopen(live: .blue, at: Sample.moment)
        let (promoted, steps) = play(first)
        #expect(promoted.outcome == .promoted)
        #expect(steps.first == .confirm(.all(.blue)))
    }
}
