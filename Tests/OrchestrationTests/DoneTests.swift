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
            #expect((ReplicaHealth.end(of: container, service) == .done) == isDone)
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

    @Test("A process that was OOM-killed while its container lives on is a trouble")
    func process() {
        let ending = ContainerEnding(
            replica: Replica(service: "api", index: 1), placement: nil, exitCode: nil,
            isOutOfMemory: true, at: Sample.moment)
        #expect(ending.isTrouble(of: Sample.api))
    }
}
