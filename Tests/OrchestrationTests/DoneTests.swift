import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("A container that has done its work")
struct DoneTests {
    private static let oneShot = PlannedService(name: "job", role: .internal, isOneShot: true)
    private static let job = PlannedService(name: "job", role: .singleton, isOneShot: true)

    @Test(
        "A one-shot and a service without a check have, and neither a singleton nor a server has",
        arguments: [
            (oneShot, true), (job, true), (Sample.api, true),
            (PlannedService(name: "db", role: .shared), true),
            (Sample.worker, false), (Sample.web, false),
        ])
    func services(_ service: PlannedService, _ isDone: Bool) {
        #expect(service.isDone(withExitCode: 0) == isDone)
        #expect(!service.isDone(withExitCode: 1))
    }

    @Test("Readiness, liveness, status and a warm rollback go by the same rule")
    func everywhere() {
        for (service, isDone) in [(Self.oneShot, true), (Sample.worker, false)] {
            let replica = Replica(service: service.name, index: 1)
            let container = Container(
                id: "1", name: "1", replica: replica, role: service.role, placement: nil,
                state: .exited(code: 0, outOfMemory: false))
            #expect(container.hasDoneItsWork(for: service) == isDone)
            #expect(
                (ReplicaHealth.end(of: container, service, at: Sample.moment) == .done) == isDone)
            let ending = ContainerEnding(
                replica: replica, placement: nil, exitCode: 0, isOutOfMemory: false,
                at: Sample.moment)
            #expect(ending.isTrouble(of: service) != isDone)
        }
    }

    @Test("A container that runs has not, and one of an unknown service is judged by its code")
    func containers() {
        func container(_ state: Container.State) -> Container {
            Container(
                id: "1", name: "1", replica: Replica(service: "job", index: 1), role: .internal,
                placement: nil, state: state)
        }
        #expect(!container(.running).hasDoneItsWork(for: Self.oneShot))
        #expect(container(.exited(code: 0, outOfMemory: false)).hasDoneItsWork(for: nil))
        #expect(!container(.exited(code: 1, outOfMemory: false)).hasDoneItsWork(for: nil))
    }

    @Test("One that was known to keep running was stopped, but for a one-shot")
    func stopped() {
        for (service, isDone) in [(Self.oneShot, true), (Sample.api, false), (nil, false)] {
            let container = Container(
                id: "1", name: "1", replica: Replica(service: "api", index: 1), role: .internal,
                placement: nil, state: .exited(code: 0, outOfMemory: false), keepsRunning: true)
            #expect(container.hasDoneItsWork(for: service) == isDone)
            let health = ReplicaHealth.end(of: container, service, at: Sample.moment)
            #expect(health == (isDone ? .done : .unhealthy(.notRunning(container.state))))
        }
    }

    @Test("A process that was OOM-killed while its container lives on is a trouble")
    func process() {
        let ending = ContainerEnding(
            replica: Replica(service: "api", index: 1), placement: nil, exitCode: nil,
            isOutOfMemory: true, at: Sample.moment)
        #expect(ending.isTrouble(of: Sample.api))
    }
}

@Suite("A container that is started again and again")
struct CrashLoopTests {
    private func health(
        _ state: Container.State = .running, restarts: Int, upFor time: Duration,
        startedAfter life: Duration? = nil
    ) -> ReplicaHealth? {
        let container = Container(
            id: "web", name: "web", replica: Replica(service: "web", index: 1), role: .exposed,
            placement: nil, state: state, restarts: restarts,
            createdAt: life.map { Sample.moment + (.zero - $0) }, startedAt: Sample.moment)
        return ReplicaHealth.end(of: container, Sample.web, at: Sample.moment + time)
    }

    @Test("It is unhealthy in the moments in which it runs, too")
    func crashing() {
        #expect(
            health(restarts: 4, upFor: .seconds(3)) == .unhealthy(.crashing(restarts: 4)))
        #expect(health(.restarting, restarts: 4, upFor: .seconds(3))?.isBad == true)
    }

    @Test("A restart or two, or those of last week, make nobody unhealthy")
    func recovered() {
        #expect(health(restarts: 2, upFor: .seconds(3)) == nil)
        #expect(health(restarts: 40, upFor: .seconds(700)) == nil)
    }

    private static let rollback = Sample.deployment(kind: .warmRollback, services: [Sample.web])
    private static let warm = rollback.candidate

    @Test("A crash now and then in a long life is forgiven as soon as it stays up")
    func rare() {
        let week = Duration.seconds(7 * 86_400)
        #expect(health(restarts: 3, upFor: .seconds(11), startedAfter: week) == nil)
        #expect(health(restarts: 3, upFor: .seconds(9), startedAfter: week)?.isBad == true)
        #expect(
            health(restarts: 3, upFor: .seconds(60), startedAfter: .seconds(90))?.isBad == true)
    }

    @Test("The restarts of before do not close the way back, and a replica that is down does")
    func wayBack() async throws {
        for (states, isUp) in [
            ([Container.State.running], true), ([.restarting, .running], true),
            ([.restarting], false), ([.exited(code: 1, outOfMemory: false)], false),
        ] {
            let looks = states.map { state in
                [
                    Container(
                        id: "web", name: "web", replica: Replica(service: "web", index: 1),
                        role: .exposed, placement: Self.warm, state: state, restarts: 40,
                        startedAt: Sample.moment, address: "10.213.6.10")
                ]
            }
            let host = ScriptedHost { $0.engine.looks = looks }
            let verdict = try await LivenessCheck(
                host.ports, Self.rollback,
                PlannedReplica(Sample.web, 1)
            ).verify()
            #expect((verdict == nil) == isUp)
        }
    }
}
