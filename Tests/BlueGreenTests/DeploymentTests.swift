import BlueGreen
import TestSupport
import Testing

@Suite("A deployment")
struct DeploymentTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let failure = Failure(.step(phase: "any"), "It failed.")

    @Test("A first deployment goes straight through and has nothing to drain")
    func first() {
        let begun = Sample.deployment()
        let (ended, steps) = play(begun)
        #expect(ended.outcome == .promoted)
        let api = PlannedReplica(Sample.api, 1)
        let web = PlannedReplica(Sample.web, 1)
        let rested = Sample.moment + .milliseconds(40) + .seconds(3)
        #expect(
            steps == [
                .preflight, .checkRoom, .prepare, .start(api, of: begun.candidate),
                .awaitUp(api, of: begun.candidate),
                .settle(SettleBounds(), notBefore: rested, until: rested + .seconds(60)),
                .start(web, of: begun.candidate), .awaitUp(web, of: begun.candidate), .verify,
                .arm(.blue), .probeEdge(.blue),
                .route(.all(.blue)), .confirm(.all(.blue)),
            ])
    }

    @Test("A later one drains and retires the previous colour")
    func later() {
        let settings = DeploymentSettings(
            startPause: .zero, startAtMost: .zero, previous: .stopped)
        let (ended, steps) = play(Sample.deployment(previous: before, settings: settings))
        #expect(ended.outcome == .promoted)
        #expect(steps.suffix(3).first == .confirm(.all(.green)))
        #expect(steps.last == .retire(.blue, .stopped))
        #expect(
            ended.phases.map(\.name) == [
                "preparing", "starting", "probing", "starting", "probing", "arming",
                "probing edge", "switching", "confirming", "draining", "proving", "retiring",
                "promoted",
            ])
    }

    @Test("A warm rollback looks, arms and switches: it starts nothing")
    func warmRollback() {
        let (ended, steps) = play(Sample.deployment(kind: .warmRollback, previous: before))
        #expect(ended.outcome == .promoted)
        #expect(steps.prefix(4) == [.preflight, .verify, .arm(.green), .probeEdge(.green)])
    }

    @Test(
        "A failure before the switch takes the candidate away and leaves traffic alone",
        arguments: [
            Spot.preparing, .starting(0), .probing(0), .probing(1), .verifying, .arming,
            .probingEdge,
        ])
    func failureBefore(phase: Spot) {
        let (ended, steps) = play(
            Sample.deployment(previous: before), [phase: .failed(failure)])
        #expect(ended.outcome == .aborted)
        #expect(ended.failure == failure)
        #expect(steps.last == .cleanUp(.green))
        #expect(!steps.contains(.route(.all(.green))))
    }

    @Test(
        "A failure at or after the switch moves traffic back",
        arguments: [Spot.switching, .confirming])
    func failureAfter(phase: Spot) {
        let (ended, steps) = play(
            Sample.deployment(previous: before), [phase: .failed(failure)])
        #expect(ended.outcome == .rolledBack)
        #expect(
            steps.suffix(4).filter { !$0.isDrain }
                == [.route(.all(.blue)), .confirm(.all(.blue)), .cleanUp(.green)])
        #expect(steps.dropLast().last?.isDrain ?? false)
    }

    @Test("A first deployment that cannot be confirmed leaves nobody with traffic")
    func failureAfterFirst() {
        let (ended, steps) = play(Sample.deployment(), [.confirming: .failed(failure)])
        #expect(ended.outcome == .rolledBack)
        #expect(steps.contains(.route(.nobody)))
    }

    @Test("When the way back fails too, nobody claims to know")
    func unknown() {
        let (ended, _) = play(
            Sample.deployment(previous: before),
            [.confirming: .failed(failure), .switchingBack: .failed(failure)])
        #expect(ended.outcome == .unknown)
    }

    @Test("A previous colour that will not stop is a warning")
    func retireFails() {
        let (ended, _) = play(
            Sample.deployment(previous: before), [.retiring: .failed(failure)])
        #expect(ended.outcome == .promoted)
        #expect(ended.failure == nil)
        #expect(ended.warnings.map(\.message) == ["It failed."])
    }

    @Test("A signal before the switch undoes, one in the drain ends the drain")
    func signals() {
        let signal = StepResult.interrupted(signal: "SIGTERM")
        let (undone, _) = play(Sample.deployment(previous: before), [.probing(1): signal])
        #expect(undone.outcome == .aborted)
        #expect(undone.failure?.cause == .signal("SIGTERM"))
        let drainEnd = Sample.moment + .milliseconds(3100) + .seconds(30)
        var deployment = Sample.deployment(previous: before)
        while let step = deployment.nextStep(at: drainEnd) {
            if step.isDrain {
                deployment.record(signal, at: drainEnd)
            } else {
                deployment.record(.done, at: drainEnd)
            }
        }
        #expect(deployment.outcome == .promoted)
        #expect(deployment.failure == nil)
        #expect(deployment.warnings.count == 1)
    }

    @Test("A failed warm rollback leaves the containers that ran before it")
    func failedWarmRollback() {
        let (ended, steps) = play(
            Sample.deployment(kind: .warmRollback, previous: before),
            [.verifying: .failed(failure)])
        #expect(ended.outcome == .aborted)
        #expect(!steps.contains(.cleanUp(.green)))
    }
}
