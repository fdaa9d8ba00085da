import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("A look at a candidate with traffic")
struct ObservationLookTests {
    private static let before = Placement(colour: .blue, release: Sample.release(1))
    private static let candidate = Placement(colour: .green, release: Sample.release(2))
    private static let slow = PlannedService(
        name: "slow", role: .internal,
        healthCheck: HealthCheck(
            method: .command(["check"]), interval: .seconds(10)))
    private static let own = PlannedService(
        name: "own", role: .internal, healthCheck: HealthCheck(method: .docker))
    private static let job = PlannedService(name: "job", role: .internal, isOneShot: true)
    private static let services = [
        job, Sample.api, own, slow, Sample.web, Sample.worker,
        PlannedService(name: "db", role: .shared, healthCheck: Sample.web.healthCheck),
    ]

    private func container(
        _ service: String, _ state: Container.State = .running, health: Health? = .healthy,
        address: String? = "10.213.6.10"
    ) -> Container {
        Container(
            id: service, name: service, replica: Replica(service: service, index: 1),
            role: service == "web" ? .exposed : .internal, placement: Self.candidate,
            state: state, health: health, address: address)
    }

    private func container(running service: String) -> Container { container(service) }

    /// All that should run does.
    private func set(replacing other: Container? = nil, without gone: String = "") -> [Container] {
        let all = ["api", "own", "slow", "web"].map(container(running:))
        return (all.filter { $0.id != other?.id && $0.id != gone } + [other]).compactMap(\.self)
    }

    private func ending(
        _ service: String, _ code: Int?, outOfMemory: Bool = false
    ) -> ContainerEnding {
        ContainerEnding(
            replica: Replica(service: service, index: 1), exitCode: code,
            isOutOfMemory: outOfMemory, at: Sample.moment + .seconds(12))
    }

    private func look(
        _ stage: ObservationStage = .bake, after wait: Duration = .seconds(1),
        _ prepare: (inout ScriptedHost.Script) -> Void
    ) async throws -> Observation {
        let host = ScriptedHost {
            $0.now = Sample.moment + wait
            $0.looks = [set()]
            prepare(&$0)
        }
        return try await look(host.ports, stage)
    }

    private func look(
        _ ports: Ports, _ stage: ObservationStage = .bake,
        services: [PlannedService] = Self.services
    ) async throws -> Observation {
        try await ObservationLook(ports).look(
            at: Sample.deployment(previous: Self.before, services: services), stage: stage,
            since: Sample.moment)
    }

    @Test("A set that does well has figures of both colours and nothing else")
    func good() async throws {
        let blue = RequestFigures(requests: 90, errors: 0)
        let green = RequestFigures(requests: 10, errors: 1)
        let observation = try await look(.canary(Share(percent: 10))) {
            $0.figures = [[.blue: blue, .green: green]]
        }
        #expect(observation == Observation(candidate: green, previous: blue))
    }

    @Test("A colour that had no request has figures of none")
    func noRequests() async throws {
        let observation = try await look { $0.figures = [[:]] }
        #expect(observation == Observation(candidate: RequestFigures.none, previous: .some(.none)))
    }

    @Test(
        "Before the candidate has traffic the previous colour's figures are all that is looked at")
    func before() async throws {
        let blue = RequestFigures(requests: 90, errors: 0)
        let observation = try await look(.before) {
            $0.figures = [[.blue: blue, .green: .none]]
            $0.looks = [[]]
            $0.endings = [[ending("web", 1)]]
        }
        #expect(observation == Observation(previous: blue))
    }

    @Test("Figures that cannot be read are a warning, and the containers are looked at")
    func noFigures() async throws {
        let observation = try await look {
            $0.observerError = "no log"
            $0.looks = [set(without: "api")]
        }
        #expect(observation.candidate == nil && observation.previous == nil)
        #expect(observation.warnings == ["What nginx answered could not be read: no log"])
        #expect(observation.trouble?.message == "green api-1 is gone: it has no container.")
    }

    @Test(
        "A container that ended says how, how long after the traffic came, and its last lines",
        arguments: [
            (
                137, true,
                "was killed for want of memory (exit code 137) 12 s after green got traffic."
            ),
            (
                1, true,
                "ended with exit code 1 12 s after green got traffic, once a process of it had "
                    + "been killed for want of memory."
            ),
            (
                137, false,
                "was killed (exit code 137) 12 s after green got traffic; `dmesg` says whether "
                    + "for want of memory."
            ),
            (0, false, "ended with exit code 0, 12 s after green got traffic."),
            (
                nil, true,
                "had a process killed for want of memory 12 s after green got traffic."
            ),
        ] as [(Int?, Bool, String)])
    func ends(_ code: Int?, _ outOfMemory: Bool, _ predicate: String) async throws {
        let observation = try await look {
            $0.endings = [[ending("web", code, outOfMemory: outOfMemory)]]
        }
        let web = Replica(service: "web", index: 1)
        #expect(observation.trouble?.message == "green web-1 \(predicate)")
        #expect(
            observation.trouble?.cause == (code.map { .exited(web, code: $0) } ?? .unhealthy(web)))
        #expect(observation.trouble?.logLines == ["the last line of web-1"])
    }

    @Test("Work that is done, and what only waits for its turn, is no trouble")
    func done() async throws {
        let observation = try await look {
            $0.endings = [
                [ending("job", 0), ending("api", 0), ending("worker", 1), ending("db", 1)]
            ]
            $0.looks = [set(replacing: container("api", .exited(code: 0, outOfMemory: false)))]
        }
        #expect(observation.trouble == nil)
    }

    @Test("A failing one-shot and a crash of what nothing probes are troubles")
    func unprobed() async throws {
        for service in ["job", "api"] {
            let observation = try await look { $0.endings = [[ending(service, 2)]] }
            #expect(observation.trouble?.message.contains("\(service)-1 ended with exit") == true)
        }
    }

    @Test("A container that stands still without having been seen to end is a trouble")
    func states() async throws {
        let states: [(Container.State, String)] = [
            (.exited(code: 3, outOfMemory: false), "ended with exit code 3."),
            (.other("dead"), "does not run any more: Docker says \"dead\"."),
            (.created, "does not run any more."),
        ]
        for (state, predicate) in states {
            let observation = try await look {
                $0.looks = [set(replacing: container("api", state))]
            }
            #expect(observation.trouble?.message == "green api-1 \(predicate)")
        }
    }

    @Test("Docker's own check counts once it says unhealthy, and not while it begins anew")
    func dockerCheck() async throws {
        let observation = try await look {
            $0.looks = [set(replacing: container("own", health: .unhealthy))]
        }
        #expect(
            observation.trouble?.message
                == "green own-1 was healthy and is not any more: its HEALTHCHECK reports "
                + "\"unhealthy\".")
        let starting = try await look {
            $0.looks = [set(replacing: container("own", health: .starting))]
        }
        #expect(starting.trouble == nil)
    }

    @Test("Probes that fail `fall` times in a row are a trouble, a second apart")
    func probes() async throws {
        let host = ScriptedHost {
            $0.now = Sample.moment + .seconds(5)
            $0.looks = [set()]
            $0.probes = [.failed(.status(500))]
        }
        let observation = try await look(host.ports)
        #expect(
            observation.trouble?.message
                == "green web-1 was healthy and is not any more: "
                + "GET http://10.213.6.10:8080/healthz answered 500 (3 times in a row).")
        #expect(host.now == Sample.moment + .seconds(7))
    }

    @Test("One probe that passes among failing ones is enough")
    func blip() async throws {
        let observation = try await look(after: .seconds(5)) {
            $0.probes = [.failed(.refused(port: 8080)), .failed(.timedOut(.seconds(2))), .passed]
        }
        #expect(observation == Observation(candidate: RequestFigures.none, previous: .some(.none)))
    }

    @Test(
        "A command is run as often as its interval says, and no more",
        arguments: [(1, true), (2, false), (9, false), (10, true), (12, false)])
    func interval(_ seconds: Int, _ isProbed: Bool) async throws {
        let host = ScriptedHost {
            $0.now = Sample.moment + .seconds(seconds)
            $0.looks = [set()]
            $0.probes = [.failed(.exit(1))]
        }
        let trouble = try await look(host.ports, services: [Self.slow]).trouble
        #expect(
            trouble?.message
                == (isProbed
                    ? "green slow-1 was healthy and is not any more: `check` ended with exit "
                        + "code 1 (3 times in a row)." : nil))
    }

    @Test("A replica that hangs does not keep back what another one has")
    func hanging() async throws {
        let web = PlannedService(
            name: "web", role: .exposed, replicas: 2, port: 8080,
            healthCheck: Sample.web.healthCheck)
        let host = ScriptedHost {
            $0.looks = [
                (1...2).map {
                    Container(
                        id: "\($0)", name: "\($0)", replica: Replica(service: "web", index: $0),
                        role: .exposed, placement: Self.candidate, state: .running,
                        address: "10.213.6.1\($0)")
                }
            ]
        }
        let ports = Ports(
            engine: host, router: host, observer: host,
            probe: HalfDeaf(hanging: "10.213.6.11"), store: host, gauge: host, clock: host,
            reporter: host, hooks: HookRunners(host: host, services: host))
        let trouble = try await look(ports, services: [web]).trouble
        #expect(trouble?.cause == .unhealthy(Replica(service: "web", index: 2)))
    }

    @Test("What a silent container ended with tells more than its silence")
    func endedMeanwhile() async throws {
        let observation = try await look {
            $0.probes = [.failed(.refused(port: 8080))]
            $0.endings = [[], [ending("web", 139)]]
        }
        #expect(observation.trouble?.cause == .exited(Replica(service: "web", index: 1), code: 139))
    }

    @Test("An engine that does not answer is a warning, once for each thing that is not known")
    func engine() async throws {
        let silent = try await look { $0.engineError = "no daemon" }
        #expect(silent.trouble == nil)
        #expect(silent.candidate == RequestFigures.none)
        #expect(silent.warnings == ["How the containers of green do is not known: no daemon"])
        let forgetful = try await look {
            $0.endingsError = "forbidden"
            $0.looks = [set(without: "api")]
        }
        #expect(
            forgetful.warnings.first == "Which containers of green ended is not known: forbidden")
        #expect(forgetful.trouble?.message.contains("api-1 is gone") == true)
    }

    @Test("A cancelled look ends as one")
    func cancelled() async throws {
        let host = ScriptedHost {
            $0.looks = [set()]
            $0.probes = [.failed(.refused(port: 8080))]
        }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await look(host.ports)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("The last lines of what answers requests are there for a breach by figures")
    func lines() async throws {
        let host = ScriptedHost { $0.looks = [set()] }
        let deployment = Sample.deployment(previous: Self.before, services: Self.services)
        let look = ObservationLook(host.ports)
        #expect(try await look.logLines(of: deployment) == ["the last line of web-1"])
        host.with { $0.engineError = "no daemon" }
        #expect(try await look.logLines(of: deployment) == [])
    }
}

/// One address never answers, the others refuse.
private struct HalfDeaf: HealthProbe {
    let hanging: String

    func probe(_ check: HealthCheck, at address: String) async -> ProbeResult {
        guard address == hanging else { return .failed(.refused(port: 8080)) }
        while !Task.isCancelled { await Task.yield() }
        return .failed(.timedOut(check.timeout))
    }
}
