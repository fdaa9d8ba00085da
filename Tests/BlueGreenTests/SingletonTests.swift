import BlueGreen
import TestSupport
import Testing

@Suite("A service that runs in one colour at a time")
struct SingletonTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let failure = Failure(.step(phase: "any"), "It failed.")
    private let worker = PlannedReplica(Sample.worker, 1)
    private let ordinaryWorker = PlannedService(name: "worker", role: .internal)

    private func deployment(
        _ services: [PlannedService] = [Sample.worker, Sample.web],
        from previous: [PlannedService]? = [Sample.worker, Sample.web],
        kind: DeploymentKind = .deploy
    ) -> Deployment {
        Sample.deployment(
            kind: kind, previous: before, services: services, previousServices: previous,
            settings: DeploymentSettings(startPause: .zero, startAtMost: .zero))
    }

    private func isDrain(_ step: Step) -> Bool {
        if case .drain = step { true } else { false }
    }

    @Test("It is handed over after the switch and the drain: stopped there, then started here")
    func forward() throws {
        let (ended, steps) = play(deployment())
        #expect(ended.outcome == .promoted)
        let drained = try #require(steps.firstIndex(where: isDrain))
        #expect(
            steps[(drained + 1)...] == [
                .stopSingletons(.blue), .start(worker, of: candidate),
                .awaitUp(worker, of: candidate), .retire(.blue, .running),
            ])
        #expect(
            !steps[..<drained].contains {
                if case .start(let container, _) = $0 { container == worker } else { false }
            })
    }

    @Test("A first deployment starts it last and has nobody to stop or to retire")
    func first() {
        let begun = Sample.deployment(services: [Sample.worker, Sample.web])
        let (ended, steps) = play(begun)
        #expect(ended.outcome == .promoted)
        #expect(
            steps.suffix(3) == [
                .confirm(.all(.blue)), .start(worker, of: begun.candidate),
                .awaitUp(worker, of: begun.candidate),
            ])
    }

    @Test("Between the starts of two the host has its rest too")
    func rests() throws {
        let settings = DeploymentSettings()
        let scheduler = PlannedService(name: "scheduler", role: .singleton)
        let (_, steps) = play(
            Sample.deployment(
                previous: before, services: [Sample.web, Sample.worker, scheduler],
                previousServices: [], settings: settings))
        let started = try #require(
            steps.firstIndex(of: .start(PlannedReplica(scheduler, 1), of: candidate)))
        guard case .settle(_, let notBefore, let until) = steps[started - 1] else {
            Issue.record("\(steps[started - 1])")
            return
        }
        #expect(until - notBefore == settings.startAtMost)
    }

    @Test(
        "A failure at or after the handing over gives it back: stopped here, then started there",
        arguments: [
            Spot.stoppingSingletons, .handingOver(.starting(0)), .handingOver(.probing(0)),
        ])
    func back(phase: Spot) {
        let (ended, steps) = play(deployment(), [phase: .failed(failure)])
        #expect(ended.outcome == .rolledBack)
        #expect(ended.failure == failure)
        #expect(
            steps.filter { !$0.isDrain }.suffix(6) == [
                .route(.all(.blue)), .confirm(.all(.blue)), .stopSingletons(.green),
                .cleanUp(.green), .start(worker, of: before), .awaitUp(worker, of: before),
            ])
    }

    @Test("A singleton that cannot be given back is a warning, and the next one is tried")
    func givingBackFails() {
        let scheduler = PlannedService(name: "scheduler", role: .singleton)
        let begun = deployment(from: [Sample.worker, scheduler, Sample.web])
        let second = Failure(.step(phase: "handing back"), "The worker failed.")
        let (ended, steps) = play(
            begun,
            [.confirming: .failed(failure), .handingBack(.starting(0)): .failed(second)])
        #expect(ended.outcome == .rolledBack)
        #expect(ended.warnings.map(\.message) == ["The worker failed."])
        #expect(steps.last == .awaitUp(PlannedReplica(scheduler, 1), of: before))
    }

    @Test("A singleton that was not given back is owed until the way back is taken up again")
    func owed() {
        let second = Failure(.step(phase: "handing back"), "The engine is gone.")
        var (ended, _) = play(
            deployment(),
            [.confirming: .failed(failure), .handingBack(.starting(0)): .failed(second)])
        #expect(ended.outcome == .rolledBack && ended.owed.contains(.singletons))
        ended.resumeHandingBack(at: Sample.moment)
        let (paid, steps) = play(ended)
        #expect(
            steps.filter { !$0.isDrain } == [
                .confirm(.all(.blue)), .stopSingletons(.green), .cleanUp(.green),
                .start(worker, of: before), .awaitUp(worker, of: before),
            ])
        #expect(paid.outcome == .rolledBack && !paid.owed.contains(.singletons))
        #expect(paid.failure == failure)
    }

    @Test("A release that drops it only stops it, and on the way back it is there again")
    func dropped() {
        let begun = deployment([Sample.web])
        let (ended, steps) = play(begun)
        #expect(ended.outcome == .promoted)
        #expect(steps.suffix(2) == [.stopSingletons(.blue), .retire(.blue, .running)])
        let (_, back) = play(begun, [.stoppingSingletons: .failed(failure)])
        #expect(back.last == .awaitUp(worker, of: before))
    }

    @Test("One release's word is enough: a changed role is handed over both ways")
    func changedRole() {
        let plain = PlannedReplica(ordinaryWorker, 1)
        let (_, becoming) = play(deployment(from: [ordinaryWorker, Sample.web]))
        #expect(
            becoming.suffix(4) == [
                .stopSingletons(.blue), .start(worker, of: candidate),
                .awaitUp(worker, of: candidate), .retire(.blue, .running),
            ])
        let (_, ceasing) = play(deployment([ordinaryWorker, Sample.web]))
        #expect(
            ceasing.suffix(4) == [
                .stopSingletons(.blue), .start(plain, of: candidate),
                .awaitUp(plain, of: candidate), .retire(.blue, .running),
            ])
    }

    @Test("A warm rollback to a release that did not know of singletons still runs the worker")
    func warmRollback() {
        let (ended, steps) = play(
            deployment([ordinaryWorker, Sample.web], kind: .warmRollback))
        #expect(ended.outcome == .promoted)
        #expect(steps.contains(.start(PlannedReplica(ordinaryWorker, 1), of: candidate)))
    }

    @Test("An exposed service is up before the switch, whatever the other release says")
    func exposed() {
        let exposed = PlannedService(name: "worker", role: .exposed, port: 80)
        let (_, steps) = play(deployment([exposed, Sample.web]))
        #expect(steps[3] == .start(PlannedReplica(exposed, 1), of: candidate))
        #expect(steps.contains(.stopSingletons(.blue)))
    }

    @Test("A singleton that has done its work is not done again on the way back")
    func oneShot() {
        let seed = PlannedService(name: "seed", role: .singleton, isOneShot: true)
        let begun = deployment(from: [seed, Sample.worker, Sample.web])
        let (_, steps) = play(begun, [.confirming: .failed(failure)])
        #expect(!steps.contains(.start(PlannedReplica(seed, 1), of: before)))
        #expect(steps.last == .awaitUp(worker, of: before))
    }

    @Test("A signal in the drain hands it over all the same")
    func signal() throws {
        var begun = try #require(
            play(deployment(), to: .draining))
        begun.record(.interrupted(signal: "SIGTERM"), at: Sample.moment)
        let (ended, steps) = play(begun)
        #expect(ended.outcome == .promoted)
        #expect(steps.first == .stopSingletons(.blue))
    }
}
