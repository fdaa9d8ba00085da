import BlueGreen
import Orchestration
import TestSupport
import Testing

@Suite("Guards that no decision gets around")
struct GuardTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))

    private func container(
        _ service: String, of placement: Placement, _ state: Container.State = .running
    ) -> Container {
        Container(
            id: "\(placement.colour) \(service)", name: service,
            replica: Replica(service: service, index: 1), role: .exposed, placement: placement,
            state: state, address: "10.213.6.10")
    }

    private var candidates: [Container] {
        [container("web", of: candidate), container("worker", of: candidate)]
    }

    private func run(
        _ host: ScriptedHost, settings: DeploymentSettings = DeploymentSettings(),
        workerWas role: ServiceRole = .singleton
    ) async throws -> Deployment {
        let worker = PlannedService(name: "worker", role: role)
        return await Orchestrator(host.ports, interruption: Interruption()).run(
            Sample.deployment(
                previous: before, services: [Sample.web, Sample.worker],
                previousServices: [Sample.web, worker], settings: settings))
    }

    @Test("A singleton is stopped there, started here, and then comes back after a reboot")
    func handsOver() async throws {
        let host = ScriptedHost { $0.engine.looks = [candidates] }
        let ended = try await run(host)
        #expect(ended.outcome == .promoted)
        #expect(
            host.calls == [
                "router.prepare", "confirm blue", "prepare green", "start web-1", "keepRunning",
                "arm [\"blue:8080\"] [\"green:8080\"]", "edge web in green", "switch green",
                "confirm green", "switch green", "confirm green",
                "stop singletons of blue: [\"worker\"]",
                "start worker-1", "keepRunning for good", "keepRunning for good",
                "discard",
            ])
    }

    @Test("One that may run on where nobody could end it is told, and the next one starts")
    func lost() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [candidates]
            $0.engine.lostSingletons = ["node3 is down."]
        }
        let ended = try await run(host)
        #expect(ended.outcome == .promoted)
        #expect(ended.warnings.map(\.message).contains("node3 is down."))
        #expect(host.calls.contains("start worker-1"))
    }

    @Test("B5: A first release retires nobody, and comes back after a reboot all the same")
    func firstRelease() async throws {
        let first = Placement(colour: .blue, release: Sample.release(2))
        let host = ScriptedHost {
            $0.engine.looks = [[container("web", of: first)]]
            $0.router.live = nil
        }
        let ended = await Orchestrator(host.ports, interruption: Interruption()).run(
            Sample.deployment(previous: nil, services: [Sample.web]))
        #expect(ended.outcome == .promoted)
        #expect(host.calls.last == "keepRunning for good", "\(host.calls)")
    }

    @Test(
        "One that still runs in the other colour, or may do so by itself, is not started here",
        arguments: [Container.State.running, .restarting, .other("paused")])
    func second(state: Container.State) async throws {
        let host = ScriptedHost {
            $0.engine.looks = [candidates + [container("worker", of: before, state)]]
        }
        let ended = try await run(host)
        #expect(ended.outcome == .rolledBack)
        #expect(ended.failure?.message.hasPrefix("worker may run in one colour at a time") == true)
        // The candidate's copy is seen to run too, so that the old one is not started either.
        #expect(!host.calls.contains("start worker-1"))
        #expect(host.calls.contains("switch blue"))
    }

    @Test(
        "One that has ended in the other colour, or never began, is no hindrance",
        arguments: [Container.State.created, .exited(code: 0, outOfMemory: false)])
    func ended(state: Container.State) async throws {
        let host = ScriptedHost {
            $0.engine.looks = [candidates + [container("worker", of: before, state)]]
        }
        #expect(try await run(host).outcome == .promoted)
    }

    @Test("An ordinary service of the release before is guarded alike")
    func changedRole() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [candidates + [container("worker", of: before)]]
        }
        let ended = try await run(host, workerWas: .internal)
        #expect(ended.outcome == .rolledBack)
        #expect(!host.calls.contains("start worker-1"))
    }

    private let tight = HostSample(
        at: Sample.moment, memoryAvailable: .mebibytes(100), memoryTotal: .mebibytes(1000))

    @Test("A set that does not fit starts nothing, and the failure has the table")
    func noRoom() async throws {
        let host = ScriptedHost { $0.gauge.samples = [tight] }
        let ended = try await run(host)
        #expect(ended.failure?.cause == .noRoom)
        #expect(ended.failure?.message.contains("known from") == true)
        #expect(host.calls == ["remove green \(candidate.release)"])
        #expect(host.with { $0.events }.contains { if case .room = $0 { true } else { false } })
    }

    @Test("Where the room cannot be looked at, only those who want a warning go on")
    func blind() async throws {
        let refusing = ScriptedHost { $0.gauge.error = "no /proc" }
        #expect(try await run(refusing).outcome == .aborted)
        #expect(!refusing.calls.contains("prepare green"))
        let warned = ScriptedHost {
            $0.engine.looks = [candidates]
            $0.gauge.error = "no /proc"
        }
        let settings = DeploymentSettings(startAtMost: .zero, room: .warn)
        let ended = try await run(warned, settings: settings)
        #expect(ended.outcome == .promoted)
        #expect(ended.warnings.map(\.message) == ["Whether the set fits is not known: no /proc"])
    }

    /// The old web holds 250 MB and must go before the new one fits, which will need as much.
    private func smallHost(_ change: (inout ScriptedHost.Script) -> Void = { _ in }) -> ScriptedHost
    {
        ScriptedHost {
            let old = [container("web", of: before)]
            $0.engine.looks = [old, old, candidates + old]
            $0.engine.memoryUses = [["blue web": .mebibytes(250)]]
            $0.gauge.samples = [tight, Sample.roomyHost]
            $0.store.memoryUses = ["worker": MemoryUse(held: .mebibytes(30))]
            change(&$0)
        }
    }

    @Test("Stop-first stops the previous colour only after nginx was shown to answer 503")
    func stopFirst() async throws {
        let host = smallHost {
            $0.router.remaining = [RemainingTraffic(connections: 1, oldWorkers: 0)]
        }
        let ended = try await run(host, settings: DeploymentSettings(room: .stopFirst))
        #expect(ended.outcome == .promoted)
        #expect(
            host.calls.dropFirst(3).prefix(4) == [
                "switch none", "confirm none", "stop blue", "start web-1",
            ])
        let warning = "1 connection (a websocket or a stream) to blue was still open when the "
        #expect(
            ended.warnings.map(\.message)
                .contains(warning + "drain ended; they are closed now."))
    }

    @Test("A colour that has got traffic again meanwhile is not stopped")
    func refusesLive() async throws {
        let host = smallHost { $0.router.ignoresTakingDown = true }
        let ended = try await run(host, settings: DeploymentSettings(room: .stopFirst))
        #expect(!host.calls.contains("stop blue"))
        #expect(ended.failure?.message.hasPrefix("The colour blue has traffic") == true)
    }

    @Test("Nobody has traffic since room was made: the next run brings the previous set back")
    func takenUpAgain() async throws {
        let failing = smallHost {
            $0.probes = [.failed(.refused(port: 8080))]
            $0.router.switchError = (.blue, "disk full")
        }
        let lost = try await run(failing, settings: DeploymentSettings(room: .stopFirst))
        #expect(lost.outcome == .unknown)
        failing.with {
            $0.router.switchError = nil
            $0.probes = [.passed]
            $0.engine.looks = [[container("web", of: before), container("worker", of: before)]]
        }
        let recovered = try await Recovery(failing.ports, interruption: Interruption()).recover(
            .leave)
        #expect(recovered?.deployment.outcome == .rolledBack)
        #expect(failing.with { $0.router.live } == .blue)
        #expect(
            try await Recovery(failing.ports, interruption: Interruption()).recover(.leave) == nil)
    }
}
