import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("The containers of a candidate with traffic")
struct CandidateLivenessTests {
    private func look(
        after wait: Duration = .seconds(1), _ prepare: (inout ScriptedHost.Script) -> Void
    ) async throws -> Failure? {
        let host = ScriptedHost {
            $0.now = Sample.moment + wait
            $0.engine.looks = [WatchedSet.containers()]
            prepare(&$0)
        }
        return try await look(host.ports)
    }

    private func look(
        _ ports: Ports, services: [PlannedService] = WatchedSet.services
    ) async throws -> Failure? {
        try await CandidateLiveness(
            ports, WatchedSet.deployment(services), since: Sample.moment
        ).look().trouble
    }

    @Test(
        "A container that ended says how, how long after the traffic came, and its last lines",
        arguments: [
            (
                137,
                "was killed (exit code 137) 12 s after green got traffic; `dmesg` says whether "
                    + "it was out of memory."
            ),
            (0, "ended with exit code 0, 12 s after green got traffic."),
        ])
    func ends(_ code: Int, _ predicate: String) async throws {
        let trouble = try await look { $0.engine.endings = [[WatchedSet.ending("web", code)]] }
        let web = Replica(service: "web", index: 1)
        #expect(trouble?.message == "green web-1 \(predicate)")
        #expect(trouble?.cause == .exited(web, code: code))
        #expect(trouble?.logLines == ["the last line of web-1"])
    }

    @Test("One that ran before and is up again ends now and then, and one that is down does not")
    func wayBack() async throws {
        let order = WatchedSet.deployment(kind: .warmRollback)
        for (state, isTrouble) in [
            (Container.State.running, false), (.exited(code: 3, outOfMemory: false), true),
        ] {
            let host = ScriptedHost {
                $0.now = Sample.moment + .seconds(1)
                $0.engine.looks = [
                    WatchedSet.containers(replacing: WatchedSet.container("web", state))
                ]
                $0.engine.endings = [[WatchedSet.ending("web", 3)]]
            }
            let trouble = try await CandidateLiveness(
                host.ports, order, since: Sample.moment
            ).look().trouble
            #expect((trouble != nil) == isTrouble)
        }
    }

    @Test(
        "A25: One that was OOM-killed says so, with its limit",
        arguments: [
            (
                137,
                "ran out of memory and was OOM-killed (exit code 137) 12 s after green got "
                    + "traffic: its memory limit is 64M."
            ),
            (
                1,
                "ended with exit code 1 12 s after green got traffic: it ran out of memory, and "
                    + "one of its processes was OOM-killed; its memory limit is 64M."
            ),
            (
                nil,
                "ran out of memory and had a process OOM-killed 12 s after green got traffic: "
                    + "its memory limit is 64M."
            ),
        ] as [(Int?, String)])
    func outOfMemory(_ code: Int?, _ predicate: String) async throws {
        let trouble = try await look {
            $0.engine.looks = [
                WatchedSet.containers(
                    replacing: WatchedSet.container("web", limit: .mebibytes(64)))
            ]
            $0.engine.endings = [[WatchedSet.ending("web", code, outOfMemory: true)]]
        }
        let web = Replica(service: "web", index: 1)
        #expect(trouble?.message == "green web-1 \(predicate)")
        #expect(trouble?.cause == .outOfMemory(web, limit: .mebibytes(64)))
        #expect(trouble?.logLines == ["the last line of web-1"])
    }

    @Test("A24: A shared service that is OOM-killed in the bake is the new release's trouble")
    func sharedOutOfMemory() async throws {
        let trouble = try await look {
            $0.engine.endings = [[WatchedSet.ending("db", 137, of: nil, outOfMemory: true)]]
        }
        #expect(
            trouble?.message == "The shared db-1 ran out of memory and was OOM-killed (exit code "
                + "137) 12 s after green got traffic: the host has 4G of memory left now.")
        // The candidate has but a share of the requests, so that blue serves the rest.
        let serving = try await look {
            $0.engine.endings = [
                [WatchedSet.ending("web", 137, of: WatchedSet.before, outOfMemory: true)]
            ]
        }
        #expect(serving?.message.hasPrefix("blue web-1 ran out of memory") == true)
    }

    @Test("Work that is done, and what only waits for its turn, is no trouble")
    func done() async throws {
        let trouble = try await look {
            $0.engine.endings = [
                [
                    WatchedSet.ending("job", 0), WatchedSet.ending("api", 0),
                    WatchedSet.ending("worker", 1), WatchedSet.ending("db", 1, of: nil),
                    WatchedSet.ending("web", 1, of: WatchedSet.before),
                ]
            ]
            $0.engine.looks = [
                WatchedSet.containers(
                    replacing: WatchedSet.container("api", .exited(code: 0, outOfMemory: false)))
            ]
        }
        #expect(trouble == nil)
    }

    @Test("A failing one-shot and a crash of what nothing probes are troubles")
    func unprobed() async throws {
        for service in ["job", "api"] {
            let trouble = try await look { $0.engine.endings = [[WatchedSet.ending(service, 2)]] }
            let replica = Replica(service: service, index: 1)
            #expect(trouble?.cause == .exited(replica, code: 2))
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
            let trouble = try await look {
                $0.engine.looks = [
                    WatchedSet.containers(replacing: WatchedSet.container("api", state))
                ]
            }
            #expect(trouble?.message == "green api-1 \(predicate)")
        }
    }

    @Test("Docker's own check counts once it says unhealthy, and not while it begins anew")
    func dockerCheck() async throws {
        let trouble = try await look {
            $0.engine.looks = [
                WatchedSet.containers(replacing: WatchedSet.container("own", health: .unhealthy))
            ]
        }
        #expect(
            trouble?.message
                == "green own-1 was healthy and is not any more: its HEALTHCHECK reports "
                + "\"unhealthy\".")
        let starting = try await look {
            $0.engine.looks = [
                WatchedSet.containers(replacing: WatchedSet.container("own", health: .starting))
            ]
        }
        #expect(starting == nil)
    }

    @Test("Probes that fail `fall` times in a row are a trouble, a second apart")
    func probes() async throws {
        let host = ScriptedHost {
            $0.now = Sample.moment + .seconds(5)
            $0.engine.looks = [WatchedSet.containers()]
            $0.probes = [.failed(.status(500))]
        }
        let trouble = try await look(host.ports)
        #expect(
            trouble?.message
                == "green web-1 was healthy and is not any more: "
                + "GET http://10.213.6.10:8080/healthz answered 500 (3 times in a row).")
        #expect(host.now == Sample.moment + .seconds(7))
    }

    @Test("One probe that passes among failing ones is enough")
    func blip() async throws {
        let trouble = try await look(after: .seconds(5)) {
            $0.probes = [.failed(.refused(port: 8080)), .failed(.timedOut(.seconds(2))), .passed]
        }
        #expect(trouble == nil)
    }

    @Test(
        "A command is run as often as its interval says, and no more",
        arguments: [(1, true), (2, false), (9, false), (10, true), (12, false)])
    func interval(_ seconds: Int, _ isProbed: Bool) async throws {
        let host = ScriptedHost {
            $0.now = Sample.moment + .seconds(seconds)
            $0.engine.looks = [WatchedSet.containers()]
            $0.probes = [.failed(.exit(1))]
        }
        let trouble = try await look(host.ports, services: [WatchedSet.slow])
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
            $0.engine.looks = [
                (1...2).map {
                    Container(
                        id: "\($0)", name: "\($0)", replica: Replica(service: "web", index: $0),
                        role: .exposed, placement: WatchedSet.candidate, state: .running,
                        address: "10.213.6.1\($0)")
                }
            ]
        }
        let ports = Ports(
            engine: host, source: ScriptedSource(host: host), router: host, edge: host,
            observer: host, probe: HalfDeaf(hanging: "10.213.6.11"), store: host, gauge: host,
            clock: host,
            reporter: host, hooks: HookRunners(host: host, services: host))
        let trouble = try await look(ports, services: [web])
        #expect(trouble?.cause == .unhealthy(Replica(service: "web", index: 2)))
    }

    @Test("The ending of a silent container tells more than its silence")
    func endedMeanwhile() async throws {
        let trouble = try await look {
            $0.probes = [.failed(.refused(port: 8080))]
            $0.engine.endings = [[], [WatchedSet.ending("web", 139)]]
        }
        #expect(trouble?.cause == .exited(Replica(service: "web", index: 1), code: 139))
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
