import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

/// A start is watched, and ends before it costs anybody else's memory.
@Suite("Memory during a start")
struct MemoryWatchTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))

    private func container(
        _ service: String, of placement: Placement?, _ state: Container.State = .running,
        restarts: Int = 0, limit: ByteCount? = nil
    ) -> Container {
        Container(
            id: "\(service) of \(placement.map { "\($0.colour)" } ?? "both")", name: service,
            replica: Replica(service: service, index: 1),
            role: placement == nil ? .shared : .exposed, placement: placement, state: state,
            restarts: restarts, address: "10.213.6.10", memoryLimit: limit)
    }

    private var candidates: [Container] {
        [container("api", of: candidate), container("web", of: candidate)]
    }

    private func ending(
        _ service: String, of placement: Placement?, code: Int? = 137, outOfMemory: Bool = true,
        isAskedFor: Bool = false
    ) -> ContainerEnding {
        ContainerEnding(
            replica: Replica(service: service, index: 1), placement: placement, exitCode: code,
            isOutOfMemory: outOfMemory, isAskedFor: isAskedFor, at: Sample.moment + .seconds(1))
    }

    private func sample(left: Int64, kills: Int64 = 0) -> HostSample {
        HostSample(
            at: Sample.moment, memoryAvailable: .mebibytes(left), memoryTotal: .mebibytes(1000),
            kills: kills)
    }

    /// Its web was started 500 ms before.
    private let later = Sample.moment + .milliseconds(3500)

    /// The candidate's web never becomes healthy, so that its start lasts.
    private func slow(_ prepare: (inout ScriptedHost.Script) -> Void) -> ScriptedHost {
        ScriptedHost {
            $0.engine.looks = [candidates]
            $0.probes = [.failed(.refused(port: 8080))]
            prepare(&$0)
        }
    }

    private func run(
        _ host: ScriptedHost,
        previous: Placement? = Placement(colour: .blue, release: Sample.release(1))
    ) async throws -> Deployment {
        await Orchestrator(host.ports, interruption: Interruption())
            .run(Sample.deployment(previous: previous))
    }

    @Test("A24: A shared service that is OOM-killed during a start ends it at once and is named")
    func sharedKilled() async throws {
        let db = container("db", of: nil, limit: .mebibytes(64))
        let host = slow {
            $0.engine.looks = [candidates + [db]]
            $0.engine.endings = [[ending("db", of: nil)]]
            $0.engine.endingsFrom = later
        }
        let ended = try await run(host)
        #expect(ended.outcome == .aborted)
        #expect(
            ended.failure?.message == """
                The shared db-1 ran out of memory and was OOM-killed (exit code 137) while green \
                web-1 started: its memory limit is 64M. The start was ended, so that it is not \
                killed again.
                """)
        #expect(
            ended.failure?.cause
                == .outOfMemory(Replica(service: "db", index: 1), limit: .mebibytes(64)))
        #expect(ended.failure?.logLines == ["the last line of db-1"])
        #expect(host.calls.last == "remove green \(candidate.release)")
        // Its web had two minutes to become healthy.
        #expect(ended.finishedAt.map { $0 - ended.startedAt < .seconds(8) } == true)
    }

    @Test("A24: So is a container of the colour that has traffic, with what the host had left")
    func servingKilled() async throws {
        let host = slow {
            $0.engine.looks = [candidates + [container("web", of: before)]]
            $0.gauge.later = (later, sample(left: 40))
            $0.engine.endings = [
                [ending("web", of: candidate), ending("web", of: before, code: nil)]
            ]
            $0.engine.endingsFrom = later
        }
        let message = try await run(host).failure?.message
        #expect(
            message == """
                blue web-1, of the release that has traffic, ran out of memory and had a process \
                OOM-killed while green web-1 started: the host had 40M of memory left. The start \
                was ended, so that it is not killed again.
                """)
    }

    @Test("A24: A kill of a container that is neither shared, nor serves, nor starts is no matter")
    func strangerKilled() async throws {
        let retired = Placement(colour: .green, release: Sample.release(0))
        let host = ScriptedHost {
            $0.engine.looks = [candidates]
            $0.engine.endings = [[ending("web", of: retired)]]
        }
        #expect(try await run(host).outcome == .promoted)
    }

    @Test("A24: The most that a container holds from its start to the end of its rest is kept")
    func peaks() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [candidates]
            $0.engine.memoryUses = [10, 10, 80, 225, 86].map { megabytes in
                Dictionary(
                    uniqueKeysWithValues: candidates.map { ($0.id, .mebibytes(megabytes)) })
            }
        }
        _ = try await run(host)
        let saved = host.with { $0.store.memorySaved[candidate.release] }
        #expect(saved?["api"]?.peak == .mebibytes(225))
        #expect(saved?["web"]?.peak == .mebibytes(86))
    }

    @Test("A26: A start ends before the host is out of memory, whoever took it")
    func shortage() async throws {
        let host = slow {
            $0.gauge.later = (later, sample(left: 31))
        }
        let ended = try await run(host)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .memoryRanOut)
        #expect(
            ended.failure?.message == """
                The host ran out of memory while green web-1 started: 31M are left, and 32M must \
                be. The start was ended before the kernel killed a container.
                """)
        #expect(host.calls.last == "remove green \(candidate.release)")
    }

    @Test("A24: Another app's container, or nginx, that a short host kills ends the start, too")
    func strangers() async throws {
        func failure(left: Int64) async throws -> Failure? {
            try await run(
                slow {
                    $0.gauge.samples = [sample(left: 500, kills: 2)]
                    $0.gauge.later = (later, sample(left: left, kills: 3))
                }
            ).failure
        }
        let short = try await failure(left: 63)
        #expect(short?.cause == .memoryRanOut)
        #expect(
            short?.message == """
                The kernel killed a process of something else while green web-1 started: the host \
                had 63M of memory left. `dmesg` names it.
                """)
        // Some other cgroup met its own limit.
        #expect(
            try await failure(left: 500)?.cause == .unhealthy(Replica(service: "web", index: 1)))
    }

    @Test("A26: Swap and file cache that the kernel would take first are left, too")
    func reclaimable() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [candidates]
            $0.gauge.samples = [
                HostSample(
                    at: Sample.moment, memoryAvailable: .mebibytes(70),
                    memoryTotal: .mebibytes(1000)),
                HostSample(
                    at: Sample.moment, memoryAvailable: .zero, memoryTotal: .mebibytes(1000),
                    cacheInUse: .mebibytes(20), swapFree: .mebibytes(20)),
            ]
        }
        #expect(try await run(host, previous: nil).failure?.cause != .memoryRanOut)
    }

    @Test("A26: What brings traffic back is not stopped for want of memory")
    func wayBack() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [candidates]
            $0.router.confirmError = nil
            $0.gauge.samples = [sample(left: 5)]
        }
        let warm = Sample.deployment(kind: .warmRollback, previous: before)
        let ended = await Orchestrator(host.ports, interruption: Interruption()).run(warm)
        #expect(ended.outcome == .promoted)
    }
}

/// Death for want of memory is told as such, and with what to do.
@Suite("A candidate that runs out of memory")
struct OutOfMemoryTests {
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let web = Replica(service: "web", index: 1)

    /// Its web was started 500 ms before.
    private let later = Sample.moment + .milliseconds(3500)

    private func container(
        _ state: Container.State, restarts: Int = 0, limit: ByteCount? = .mebibytes(64)
    ) -> [Container] {
        [
            Container(
                id: "api", name: "api", replica: Replica(service: "api", index: 1),
                role: .internal, placement: candidate, state: .running),
            Container(
                id: "web", name: "web", replica: web, role: .exposed, placement: candidate,
                state: state, restarts: restarts, address: "10.213.6.10", memoryLimit: limit),
        ]
    }

    private func ending(
        outOfMemory: Bool, isAskedFor: Bool = false
    ) -> ContainerEnding {
        ContainerEnding(
            replica: web, placement: candidate, exitCode: 137, isOutOfMemory: outOfMemory,
            isAskedFor: isAskedFor, at: Sample.moment + .seconds(4))
    }

    private func sample(kills: Int64) -> HostSample {
        HostSample(
            at: Sample.moment, memoryAvailable: .mebibytes(700), memoryTotal: .mebibytes(1000),
            kills: kills)
    }

    private func failure(
        _ prepare: (inout ScriptedHost.Script) -> Void
    ) async throws -> Failure? {
        let host = ScriptedHost {
            $0.probes = [.failed(.refused(port: 8080))]
            prepare(&$0)
        }
        let before = Placement(colour: .blue, release: Sample.release(1))
        return await Orchestrator(host.ports, interruption: Interruption())
            .run(Sample.deployment(previous: before)).failure
    }

    @Test("A25: With restart: always it is the reason, and not that it was restarted 3 times")
    func restarted() async throws {
        let failure = try await failure {
            $0.engine.looks = [container(.restarting, restarts: 3)]
            $0.engine.endings = [[ending(outOfMemory: true)]]
            $0.engine.endingsFrom = Sample.moment + .seconds(3)
        }
        #expect(failure?.cause == .outOfMemory(web, limit: .mebibytes(64)))
        let message = failure?.message ?? ""
        #expect(message.hasPrefix("green web-1 ran out of memory and was OOM-killed (exit code "))
        #expect(message.hasSuffix(": its memory limit is 64M."))
    }

    @Test("A25: So it is without a policy, and where the kill is told after the end")
    func ended() async throws {
        let failure = try await failure {
            $0.engine.looks = [container(.exited(code: 137, outOfMemory: false))]
            $0.engine.endings = [[ending(outOfMemory: true)]]
            $0.engine.endingsFrom = later
        }
        #expect(failure?.cause == .outOfMemory(web, limit: .mebibytes(64)))
    }

    @Test("A25: Where no engine tells it, the kernel's count of kills does (cgroup v1)")
    func host() async throws {
        let failure = try await failure {
            $0.engine.looks = [container(.exited(code: 137, outOfMemory: false), limit: nil)]
            $0.engine.endings = [[ending(outOfMemory: false)]]
            $0.gauge.samples = [sample(kills: 13)]
            $0.gauge.later = (later, sample(kills: 14))
        }
        #expect(failure?.cause == .outOfMemory(web, limit: nil))
        #expect(failure?.message.hasSuffix(": the host has 700M of memory left now.") == true)
    }

    @Test("A25: A container that somebody killed by hand did not run out of memory")
    func byHand() async throws {
        let failure = try await failure {
            $0.engine.looks = [container(.exited(code: 137, outOfMemory: false))]
            $0.engine.endings = [[ending(outOfMemory: false, isAskedFor: true)]]
            $0.gauge.samples = [sample(kills: 13)]
            $0.gauge.later = (later, sample(kills: 14))
        }
        #expect(failure?.cause == .exited(web, code: 137))
    }

    @Test("A25: The limit is the reason only where the host had memory left")
    func figures() {
        func account(left: Int64, limit: ByteCount?) -> OutOfMemory {
            OutOfMemory(
                ending(outOfMemory: true), limit: limit,
                least: HostSample(
                    at: Sample.moment, memoryAvailable: .mebibytes(left),
                    memoryTotal: .mebibytes(1000)),
                memoryFree: .mebibytes(64))
        }
        #expect(account(left: 63, limit: .mebibytes(300)).cause == .outOfMemory(web, limit: nil))
        #expect(
            account(left: 63, limit: .mebibytes(300)).predicate("")
                == "ran out of memory and was OOM-killed (exit code 137): the host had 63M of "
                + "memory left.")
        #expect(
            account(left: 64, limit: .mebibytes(300)).cause
                == .outOfMemory(web, limit: .mebibytes(300)))
    }
}
