import BlueGreen
import TestSupport
import Testing

@Suite("Room for one set only")
struct StopFirstTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let failure = Failure(.step(phase: "any"), "It failed.")
    private let worker = PlannedReplica(Sample.worker, 1)
    private let web = PlannedReplica(Sample.web, 1)
    private let services = [Sample.web, Sample.worker]

    /// Fits once 300 MB are given up.
    private let tight = RoomReport(
        needs: [
            RoomNeed(service: "web", replicas: 1, each: .mebibytes(400), source: .declared)
        ],
        memoryAvailable: .mebibytes(200), heldByPrevious: .mebibytes(300))

    private func deployment(
        _ room: RoomPolicy = .stopFirst, previous: Placement? = nil,
        previousServices: [PlannedService]? = nil
    ) -> Deployment {
        Sample.deployment(
            previous: previous ?? before, services: services,
            previousServices: previousServices ?? services,
            settings: DeploymentSettings(startPause: .zero, startAtMost: .zero, room: room))
    }

    private func noRoom(_ further: [Spot: StepResult] = [:]) -> [Spot: StepResult] {
        further.merging([.checkingRoom: .noRoom(tight)]) { given, _ in given }
    }

    @Test("A set that does not fit is refused with its table, and nothing is started")
    func refused() {
        let (ended, steps) = play(deployment(.refuse), noRoom())
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .noRoom)
        #expect(
            ended.failure?.message
                == "The set does not fit: it needs 400 MB of 200 MB.\n\(tight.table)")
        #expect(steps == [.preflight, .checkRoom, .cleanUp(.green)])
    }

    @Test("A user who wants a warning gets one, and the set is tried")
    func warned() {
        let (ended, steps) = play(deployment(.warn), noRoom())
        #expect(ended.outcome == .promoted)
        #expect(
            ended.warnings.map(\.message) == ["The set may not fit: it needs 400 MB of 200 MB."])
        #expect(!steps.contains(.route(.nobody)))
    }

    @Test("Stop-first takes traffic away, proves it, drains and stops, and only then starts")
    func forward() {
        let (ended, steps) = play(deployment(), noRoom())
        #expect(ended.outcome == .promoted)
        #expect(ended.stopsFirst)
        let drained = Sample.moment + .milliseconds(50) + .seconds(30)
        #expect(
            steps == [
                .preflight, .checkRoom, .prepare, .route(.nobody), .confirm(.nobody),
                .drain(.blue, until: drained), .stop(.blue), .start(web, of: candidate),
                .awaitUp(web, of: candidate), .verify, .arm(.green),
                .probeEdge(.green),
                .route(.all(.green)), .confirm(.all(.green)), .stopSingletons(.blue),
                .start(worker, of: candidate), .awaitUp(worker, of: candidate),
                .retire(.blue, .running),
            ])
        #expect(ended.phases.map(\.name).prefix(3) == ["preparing", "making room", "starting"])
    }

    @Test("Where the set fits, stop-first stops nothing")
    func fits() {
        let (ended, steps) = play(deployment())
        #expect(!ended.stopsFirst)
        #expect(!steps.contains(.stop(.blue)))
    }

    @Test("It refuses where even the whole host is too small, or nobody is there to stop")
    func tooSmall() {
        let huge = RoomReport(
            needs: [
                RoomNeed(service: "web", replicas: 1, each: .mebibytes(501), source: .declared)
            ],
            memoryAvailable: .mebibytes(200), heldByPrevious: .mebibytes(300))
        let (ended, _) = play(deployment(), [.checkingRoom: .noRoom(huge)])
        #expect(ended.failure?.cause == .noRoom)
        let settings = DeploymentSettings(room: .stopFirst)
        let (first, steps) = play(Sample.deployment(settings: settings), noRoom())
        #expect(first.outcome == .aborted)
        #expect(steps == [.preflight, .checkRoom, .cleanUp(.blue)])
    }

    /// The candidate goes, the previous set comes back, gets traffic, and its worker last.
    private var wayBack: [Step] {
        [
            .cleanUp(.green), .start(web, of: before), .awaitUp(web, of: before),
            .route(.all(.blue)), .confirm(.all(.blue)), .cleanUp(.green),
            .start(worker, of: before), .awaitUp(worker, of: before),
        ]
    }

    @Test(
        "A failure before the switch brings the previous set back",
        arguments: [
            Spot.takingDown, .confirmingDown, .stoppingPrevious, .starting(0), .probing(0),
            .verifying, .arming, .probingEdge,
        ])
    func failsBefore(phase: Spot) {
        let (ended, steps) = play(deployment(), noRoom([phase: .failed(failure)]))
        #expect(ended.outcome == .rolledBack)
        #expect(ended.failure == failure)
        #expect(steps.suffix(8) == wayBack)
    }

    @Test("A failure before traffic was taken away is as harmless as ever")
    func failsEarly() {
        let (ended, steps) = play(deployment(), noRoom([.preparing: .failed(failure)]))
        #expect(ended.outcome == .aborted)
        #expect(!steps.contains(.route(.nobody)))
    }

    @Test(
        "A failure at or after the switch takes traffic from the candidate first",
        arguments: [
            Spot.switching, .confirming, .stoppingSingletons, .handingOver(.starting(0)),
        ])
    func failsAfter(phase: Spot) {
        let (ended, steps) = play(deployment(), noRoom([phase: .failed(failure)]))
        #expect(ended.outcome == .rolledBack)
        #expect(
            steps.suffix(11) == [.route(.nobody), .confirm(.nobody), .stopSingletons(.green)]
                + wayBack)
    }

    @Test("A replica that does not come back is tried again, and at last said to be missing")
    func restoringFails() {
        let once = noRoom([
            .arming: .failed(failure), .restoring(.starting(0)): .failed(failure),
        ])
        #expect(play(deployment(), once).0.outcome == .rolledBack)
        var deployment = deployment()
        var starts = 0
        while let step = deployment.nextStep(at: Sample.moment), starts < 20 {
            var result = StepResult.done
            if step == .checkRoom { result = .noRoom(tight) }
            if step == .verify { result = .failed(failure) }
            if case .start(web, of: before) = step {
                starts += 1
                result = .failed(failure)
            }
            deployment.record(result, at: Sample.moment)
        }
        #expect(starts == 3)
        #expect(deployment.outcome == .unknown)
    }

    @Test("A failed rest before a start does not leave the start out")
    func restFails() throws {
        let begun = Sample.deployment(
            previous: before, services: services, previousServices: [Sample.api, Sample.web],
            settings: DeploymentSettings(room: .stopFirst))
        let path = noRoom([.stoppingPrevious: .failed(failure)])
        var resting: Deployment?
        var (now, deployment, results) = (Sample.moment, begun, path)
        while deployment.outcome == nil, resting == nil {
            if case .restoring(.resting) = deployment.spot {
                resting = deployment
                continue
            }
            let result = results.removeValue(forKey: deployment.spot) ?? .done
            deployment.record(result, at: now)
            now = now + .milliseconds(1)
        }
        var rest = try #require(resting)
        rest.record(.failed(failure), at: now)
        #expect(rest.nextStep(at: now) == .start(web, of: before))
    }

    @Test("A signal while room is made brings the previous set back")
    func signal() throws {
        let (ended, steps) = play(
            deployment(), noRoom([.drainingDown: .interrupted(signal: "SIGTERM")]))
        #expect(ended.outcome == .rolledBack)
        #expect(ended.failure?.cause == .signal("SIGTERM"))
        #expect(!steps.contains(.stop(.blue)))
        #expect(steps.suffix(8) == wayBack)
    }

    @Test("When traffic cannot be brought back, the next run takes it up and does")
    func resumed() {
        var (ended, _) = play(
            deployment(),
            noRoom([.verifying: .failed(failure), .switchingBack: .failed(failure)]))
        #expect(ended.outcome == .unknown)
        #expect(ended.facts.has(.madeRoom))
        ended.reopen(live: nil, at: Sample.moment)
        #expect(ended.finishedAt == nil)
        let (resumed, steps) = play(ended)
        #expect(resumed.outcome == .rolledBack)
        #expect(
            steps == [.route(.nobody), .confirm(.nobody), .stopSingletons(.green)] + wayBack)
    }
}
