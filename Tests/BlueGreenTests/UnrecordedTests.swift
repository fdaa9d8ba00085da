import BlueGreen
import TestSupport
import Testing

@Suite("A deployment that cannot be recorded")
struct UnrecordedTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let canary = DeploymentSettings(canary: Canary(steps: [Share(percent: 10)]))

    /// As `meetUnrecorded` leaves it where the step that led to this spot could not be recorded.
    private func unrecorded(_ begun: Deployment, at spot: Spot) throws -> Deployment {
        var (last, deployment) = (begun, begun)
        while deployment.spot != spot {
            last = deployment
            let step = try #require(deployment.nextStep(at: Sample.moment))
            deployment.record(step.success, at: Sample.moment + .seconds(60))
        }
        deployment.meetUnrecorded("No room.", since: last, at: Sample.moment)
        return deployment
    }

    @Test("A deploy whose first record fails does not begin")
    func neverBegins() {
        var deployment = Sample.deployment(previous: before)
        deployment.meetUnrecorded("No room.", since: deployment, at: Sample.moment)
        #expect(deployment.outcome == .aborted)
        #expect(deployment.failure == Failure(.unrecorded, "No room."))
    }

    @Test("A record that another run has written first is told from a disk that is full")
    func outrun() {
        var deployment = Sample.deployment(previous: before)
        deployment.meetUnrecorded(
            "Overtaken.", since: deployment, as: .outrun, at: Sample.moment)
        #expect(deployment.outcome == .aborted)
        #expect(deployment.failure?.cause == .outrun)
    }

    @Test(
        "Before the switch a missing record undoes the deploy",
        arguments: [Spot.starting(0), .verifying, .arming, .switching])
    func undone(spot: Spot) throws {
        let (ended, steps) = play(try unrecorded(Sample.deployment(previous: before), at: spot))
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .unrecorded)
        #expect(steps == [.cleanUp(.green)])
    }

    @Test("A share that could not be recorded was never given")
    func noShare() throws {
        let begun = Sample.deployment(previous: before, settings: canary)
        let (ended, steps) = play(try unrecorded(begun, at: .diverting))
        #expect(ended.outcome == .aborted)
        #expect(steps == [.cleanUp(.green)])
    }

    @Test("After the switch it goes on without its record, with one warning")
    func goesOn() throws {
        var deployment = try #require(
            play(Sample.deployment(previous: before), to: .confirming))
        for _ in 1...2 {
            deployment.meetUnrecorded("No room.", since: deployment, at: Sample.moment)
        }
        let (ended, _) = play(deployment)
        #expect(ended.outcome == .promoted)
        #expect(ended.warnings.map(\.cause) == [.unrecorded])
        #expect(ended.recorded.warnings.isEmpty && ended.recorded.outcome == .promoted)
    }

    @Test("The way back goes on without its record")
    func goesBack() throws {
        let failure = Failure(.step(phase: "any"), "It failed.")
        var deployment = Sample.deployment(previous: before)
        deployment = try #require(
            play(deployment, to: .switchingBack, [.confirming: .failed(failure)]))
        deployment.meetUnrecorded("No room.", since: deployment, at: Sample.moment)
        let (ended, _) = play(deployment)
        #expect(ended.outcome == .rolledBack && ended.failure == failure)
    }

    @Test(
        "A rollback goes on without its record from its first step on",
        arguments: [DeploymentKind.warmRollback, .coldRollback])
    func rollback(kind: DeploymentKind) {
        var deployment = Sample.deployment(kind: kind, previous: before)
        deployment.meetUnrecorded("No room.", since: deployment, at: Sample.moment)
        let (ended, _) = play(deployment)
        #expect(ended.outcome == .promoted)
    }

    @Test(
        "No set makes room without a record of it",
        arguments: [DeploymentKind.deploy, .coldRollback])
    func makesNoRoom(kind: DeploymentKind) throws {
        let tight = RoomReport(
            needs: [
                RoomNeed(service: "web", replicas: 1, each: .mebibytes(400), source: .declared)
            ],
            memoryAvailable: .mebibytes(200), heldByPrevious: .mebibytes(300))
        let begun = Sample.deployment(
            kind: kind, previous: before, services: [Sample.web], previousServices: [Sample.web],
            settings: DeploymentSettings(room: .stopFirst))
        let results = [Spot.checkingRoom: StepResult.noRoom(tight)]
        let last = try #require(play(begun, to: .preparing, results))
        var deployment = try #require(play(begun, to: .takingDown, results))
        deployment.meetUnrecorded("No room.", since: last, at: Sample.moment)
        let (ended, steps) = play(deployment)
        #expect(ended.outcome == .aborted && !steps.contains(.route(.nobody)))
    }

    @Test("An old record of a deployment whose candidate has a share takes the share away")
    func oldRecord() throws {
        let begun = Sample.deployment(
            previous: before,
            settings: DeploymentSettings(
                canary: canary.canary, promotion: .manual(within: .seconds(60))))
        for spot in [Spot.preparing, .arming, .waiting] {
            var deployment = try #require(play(begun, to: spot))
            deployment.recover(live: .blue, isDivided: true, at: Sample.moment)
            let (ended, steps) = play(deployment)
            #expect(steps.first == .route(.all(.blue)))
            #expect(ended.outcome == .rolledBack)
        }
    }
}
