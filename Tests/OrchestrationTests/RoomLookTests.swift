import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("A look at the room")
struct RoomLookTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let retired = Placement(colour: .green, release: Sample.release(0))
    private let db = PlannedService(name: "db", role: .shared, memory: .mebibytes(100))

    private func container(
        _ service: String, of placement: Placement?, role: ServiceRole = .internal,
        _ state: Container.State = .running
    ) -> Container {
        Container(
            id: "\(service) of \(placement.map { "\($0.release)" } ?? "both")", name: service,
            replica: Replica(service: service, index: 1), role: role, placement: placement,
            state: state)
    }

    private func use(_ containers: [Container], _ megabytes: Int64) -> [String: ByteCount] {
        Dictionary(uniqueKeysWithValues: containers.map { ($0.id, .mebibytes(megabytes)) })
    }

    private func report(
        _ containers: [Container], _ services: [PlannedService], candidate: Placement?,
        seen: [String: MemoryUse] = [:]
    ) async throws -> RoomReport {
        let host = ScriptedHost {
            $0.engine.looks = [containers]
            $0.engine.memoryUses = [use(containers.filter { $0.state == .running }, 50)]
            $0.store.memoryUses = seen
        }
        return try await RoomLook(host.ports).report(
            services, candidate: candidate, previous: before, reserve: .mebibytes(64))
    }

    @Test("A running container was seen, whether or not anybody has written it down")
    func current() async throws {
        let running = [container("api", of: before), container("web", of: before)]
        let report = try await report(
            running, [Sample.api, Sample.web], candidate: candidate,
            seen: ["api": MemoryUse(held: .mebibytes(77))])
        #expect(report.needs.map(\.source) == [.seen, .seen])
        #expect(report.needed == .mebibytes(77 + 50))
    }

    @Test("A set needs what is declared, was seen, or is assumed of each service")
    func needs() async throws {
        let report = try await report(
            [], [db, Sample.api, Sample.web], candidate: candidate,
            seen: [
                "api": MemoryUse(held: .mebibytes(77)), "gone": MemoryUse(held: .mebibytes(900)),
            ])
        #expect(report.needs.map(\.service) == ["db", "api", "web"])
        #expect(report.needs.map(\.source) == [.declared, .seen, .assumed])
        #expect(report.needed == .mebibytes(100 + 77 + 128))
        #expect(report.memoryAvailable == .mebibytes(4096))
        #expect(report.reserve == .mebibytes(64))
        #expect(report.freed == .zero)
    }

    @Test("Who has traffic, what goes first, and what runs already are told apart")
    func held() async throws {
        let report = try await report(
            [
                container("web", of: before), container("api", of: before),
                container("web", of: retired), container("api", of: retired, .created),
                container("db", of: nil, role: .shared),
            ],
            [db, Sample.api, Sample.web], candidate: candidate)
        #expect(report.needs.map(\.service) == ["api", "web"])
        #expect(report.heldByPrevious == .mebibytes(100))
        #expect(report.freed == .mebibytes(50))
    }

    @Test("Shared services that ended, or that ran as the colour's own before, are needed")
    func shared() async throws {
        let report = try await report(
            [
                container(
                    "db", of: nil, role: .shared, .exited(code: 1, outOfMemory: false)),
                container("cache", of: before),
            ],
            [db, PlannedService(name: "cache", role: .shared)], candidate: candidate)
        #expect(report.needs.map(\.service) == ["db", "cache"])
    }

    @Test("A singleton takes its old copy's place, and its memory is not given up twice")
    func singletons() async throws {
        let old = [container("web", of: before), container("worker", of: before)]
        let report = try await report(old, [Sample.web, Sample.worker], candidate: candidate)
        #expect(report.needs.map(\.service) == ["web"])
        #expect(report.heldByPrevious == .mebibytes(50))
        let first = try await self.report([], [Sample.worker], candidate: candidate)
        #expect(first.needs.map(\.service) == ["worker"])
    }

    @Test("A24: What the start of a service takes more counts, also of one that takes a place")
    func peaks() async throws {
        let old = [container("api", of: before), container("worker", of: before)]
        let seen = MemoryUse(held: .mebibytes(60), peak: .mebibytes(200))
        let report = try await report(
            old, [Sample.api, Sample.worker], candidate: candidate,
            seen: ["api": MemoryUse(held: .mebibytes(86), peak: .mebibytes(225)), "worker": seen])
        #expect(report.needs.map(\.replicas) == [1, 0])
        #expect(report.needs.map(\.atStart) == [.mebibytes(139), .mebibytes(140)])
        #expect(report.needed == .mebibytes(86 + 140))
    }

    @Test("A service that was a singleton, and is none any more, takes its old copy's place too")
    func formerSingletons() async throws {
        let old = [
            container("web", of: before), container("worker", of: before, role: .singleton),
        ]
        let worker = PlannedService(name: "worker", role: .internal)
        let report = try await report(old, [Sample.web, worker], candidate: candidate)
        #expect(report.needs.map(\.service) == ["web"])
        #expect(report.heldByPrevious == .mebibytes(50))
    }

    @Test("A container that runs already needs nothing on the way back to its release")
    func coldRollback() async throws {
        let two = PlannedService(
            name: "web", role: .exposed, replicas: 2, memory: .mebibytes(10))
        let report = try await report(
            [container("api", of: candidate), container("web", of: candidate)],
            [Sample.api, two], candidate: candidate)
        #expect(report.needs.map(\.service) == ["web"])
        #expect(report.needs.map(\.replicas) == [1])
        #expect(report.freed == .zero)
    }

    @Test("The most that each service was seen to hold is kept with its release")
    func record() async throws {
        let containers = [
            container("web", of: before), container("web", of: retired),
            container("db", of: nil, role: .shared), container("api", of: before),
        ]
        let host = ScriptedHost {
            $0.engine.looks = [containers]
            $0.engine.memoryUses = [use(Array(containers.prefix(3)), 50)]
        }
        try await MemoryRecord(host.ports).look(active: before.release)
        let saved = host.with { $0.store.memorySaved }
        let held = MemoryUse(held: .mebibytes(50))
        #expect(
            saved == [
                retired.release: ["web": held], before.release: ["web": held, "db": held],
            ])
    }

    @Test("Memory that cannot be seen is a note")
    func recordFails() async throws {
        let host = ScriptedHost { $0.engine.memoryError = "no cgroup" }
        try await MemoryRecord(host.ports).look(active: before.release)
        #expect(
            host.with { $0.events } == [.note("The use of memory was not recorded: no cgroup")])
    }
}
