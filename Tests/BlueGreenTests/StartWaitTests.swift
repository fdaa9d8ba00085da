import BlueGreen
import TestSupport
import Testing

/// What the starts of a deployment waited for is a fact of it.
@Suite("The waits of starts")
struct StartWaitTests {
    private let job = PlannedService(name: "job", role: .internal, isOneShot: true)

    @Test("A27: Health, one-shots and the bounds of the host are summed up over all starts")
    func sums() {
        var deployment = Sample.deployment(services: [job, Sample.api, Sample.web])
        var now = Sample.moment
        while let step = deployment.next(at: now).step {
            let result: StepResult
            switch Spot(deployment) {
            case .probing(0): (now, result) = (now + .seconds(4), .done)
            case .probing(1): (now, result) = (now + .seconds(2), .done)
            case .launching(.resting(1)):
                result = .waited(Waits([.pause: .seconds(3), .memory: .seconds(5)]))
            case .launching(.resting):
                let strain = Strain.memory(free: .zero, wanted: .mebibytes(64))
                let waits = Waits([.pause: .seconds(3), .memory: .seconds(60)])
                result = .unsettled([strain], SettleBounds(), waits)
            default: result = step.success
            }
            deployment.record(result, at: now)
        }
        let waits = deployment.facts.waits
        #expect(deployment.outcome == .promoted)
        #expect(waits[.oneShot] == .seconds(4))
        #expect(waits[.health] == .seconds(2))
        #expect(waits[.pause] == .seconds(6))
        #expect(waits[.memory] == .seconds(65))
        #expect(
            waits.text == "memory 65 s, start.pause 6 s, one-shots 4 s, health 2 s")
    }

    @Test("A27: A container that ran already was waited for by nobody")
    func ranAlready() {
        let (ended, _) = play(
            Sample.deployment(services: [Sample.web]), [.starting(0): .unneeded])
        #expect(ended.facts.waits.isEmpty)
    }
}

/// Which steps of a deployment are watched.
@Suite("The vigilance for memory")
struct MemoryVigilanceTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))

    private func vigilances(
        _ deployment: Deployment, _ results: [Spot: StepResult] = [:]
    ) -> [Step: MemoryVigilance?] {
        var deployment = deployment
        var now = Sample.moment
        var found: [Step: MemoryVigilance?] = [:]
        while let step = deployment.next(at: now).step {
            found[step] = deployment.memoryVigilance
            let result = results[Spot(deployment)] ?? step.success
            now = step.end ?? now
            deployment.record(result, at: now)
        }
        return found
    }

    private func deployment(_ kind: DeploymentKind = .deploy) -> Deployment {
        Sample.deployment(
            kind: kind, previous: before, services: [Sample.web, Sample.worker],
            previousServices: [Sample.web, Sample.worker],
            settings: DeploymentSettings(startPause: .zero, startAtMost: .zero))
    }

    @Test("A24: Starts before and after the switch are watched, and the last look before it")
    func forward() {
        let green = deployment().candidate
        let found = vigilances(deployment())
        for step in [
            Step.start(PlannedReplica(Sample.web, 1), of: green),
            .awaitUp(PlannedReplica(Sample.web, 1), of: green), .verify,
            .start(PlannedReplica(Sample.worker, 1), of: green),
        ] {
            #expect(found[step] == .killsAndShortage)
        }
        #expect(found[.prepare] == .kills)
        #expect(found[.retire(.blue, .running)] == .some(nil))
    }

    @Test("A24: The way back, and a rollback that only moves traffic, are not held up")
    func back() {
        let failed = StepResult.failed(Failure(.step(phase: "confirming"), "No proof."))
        let found = vigilances(deployment(), [.confirming: failed])
        #expect(
            found[.start(PlannedReplica(Sample.worker, 1), of: before)] == .some(nil))
        #expect(vigilances(deployment(.warmRollback)).values.allSatisfy { $0 == nil })
    }
}
