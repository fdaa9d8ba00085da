import BlueGreen
import Orchestration
import TestSupport
import Testing

@Suite("The orchestrator")
struct OrchestratorTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))

    private func container(
        _ service: String, _ state: Container.State = .running, restarts: Int = 0
    ) -> Container {
        Container(
            id: service, name: service, replica: Replica(service: service, index: 1),
            role: .exposed, placement: candidate, state: state, restarts: restarts,
            address: "10.213.6.10")
    }

    private func run(
        _ host: ScriptedHost, signal: String? = nil,
        settings: DeploymentSettings = DeploymentSettings()
    ) async throws -> Deployment {
        let interruption = Interruption()
        if let signal { interruption.receive(signal) }
        return await Orchestrator(host.ports, interruption: interruption)
            .run(Sample.deployment(previous: before, settings: settings))
    }

    @Test("A good release is started, proved, armed, switched, confirmed, in this order")
    func story() async throws {
        let host = ScriptedHost { $0.engine.looks = [[container("api"), container("web")]] }
        let ended = try await run(host)
        #expect(ended.outcome == .promoted)
        #expect(
            host.calls == [
                "router.prepare", "confirm blue", "prepare green", "start api-1", "start web-1",
                "keepRunning",
                "arm [\"blue:8080\"] [\"green:8080\"]", "edge web in green", "switch green",
                "confirm green",
                "switch green", "confirm green", "keepRunning for good", "discard",
            ])
    }

    @Test(
        "A step that a cluster refuses says why in more than words",
        arguments: [
            (ClusterFailureMeaning.noMajority, Failure.Cause.noMajority), (.overtaken, .outrun),
        ])
    func cluster(_ fault: ClusterFailureMeaning, _ cause: Failure.Cause) async throws {
        let host = ScriptedHost { script in
            script.engine.looks = [[container("api"), container("web")]]
            script.router.armFault = fault
        }
        let ended = try await run(host)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == cause)
        #expect(host.with { $0.router.live } == .blue)
    }

    @Test("Between two starts lies at least the pause")
    func pause() async throws {
        let host = ScriptedHost { $0.engine.looks = [[container("api"), container("web")]] }
        let ended = try await run(host)
        #expect(ended.finishedAt.map { $0 - ended.startedAt >= .seconds(3) } == true)
    }

    @Test("A broken nginx is known before anything is launched")
    func nginxFirst() async throws {
        let host = ScriptedHost {
            $0.router.prepareError = "nginx refuses /etc/nginx/conf.d/other.conf"
        }
        let ended = try await run(host)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.message == "nginx refuses /etc/nginx/conf.d/other.conf")
        #expect(!host.calls.contains { $0.hasPrefix("start") || $0.hasPrefix("prepare") })
    }

    @Test("While nginx routes against the link, nobody's containers are replaced")
    func againstTheLink() async throws {
        let host = ScriptedHost { $0.router.confirmError = "the workers say green" }
        let ended = try await run(host)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.message == "the workers say green")
        #expect(!host.calls.contains("prepare green"))
    }

    @Test("A container that ends tells its exit code and its last lines at once")
    func crash() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [
                [container("api"), container("web", .exited(code: 3, outOfMemory: false))]
            ]
            $0.probes = [.failed(.refused(port: 8080))]
        }
        let ended = try await run(host)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.message == "green web-1 ended with exit code 3.")
        #expect(ended.failure?.logLines == ["the last line of web-1"])
        #expect(host.calls.last == "remove green \(candidate.release)")
    }

    @Test("A wrong port is named together with those that the container listens on")
    func wrongPort() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.probes = [.failed(.refused(port: 8080))]
            $0.engine.listening = [Listener(.everywhere, 3000), Listener(.loopback, 9090)]
        }
        let message = try await run(host).failure?.message ?? ""
        #expect(message.contains("did not become healthy in 120 s"))
        #expect(message.contains("GET http://10.213.6.10:8080/healthz refused the connection"))
        #expect(message.contains("expects port 8080; the container listens on 3000, 9090."))
    }

    @Test("Failing twice and then answering is a success")
    func late() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.probes = [.failed(.status(500)), .failed(.timedOut(.seconds(2))), .passed]
        }
        #expect(try await run(host).outcome == .promoted)
    }

    @Test("A container that its policy restarts again and again is given up")
    func restarts() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web", .restarting, restarts: 3)]]
            $0.probes = [.failed(.refused(port: 8080))]
        }
        let message = try await run(host).failure?.message ?? ""
        #expect(message.contains("restarted 3 times"))
    }

    @Test("A signal before the switch undoes what was begun")
    func signal() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.probes = [.failed(.refused(port: 8080))]
        }
        let ended = try await run(host, signal: "SIGTERM")
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .signal("SIGTERM"))
        #expect(host.calls.last == "remove green \(candidate.release)")
    }

    @Test("A candidate that was never created leaves what stands in its colour for a rollback")
    func cleanUpOfNothing() async throws {
        let host = ScriptedHost {
            $0.router.prepareError = "nginx refuses /etc/nginx/conf.d/other.conf"
        }
        _ = try await run(host)
        let removed = host.calls.filter { $0.hasPrefix("remove") }
        #expect(removed == ["remove green \(candidate.release)"])
    }

    @Test("A release that never had traffic pushes none out that one can go back to")
    func retention() async throws {
        let killed = Sample.release(3)
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.store.releases = [killed, candidate.release, before.release].map { id in
                Release(id: id, label: nil, createdAt: Sample.moment, services: [Sample.web])
            }
        }
        _ = try await run(host, settings: DeploymentSettings(releases: 2))
        #expect(host.with { $0.store.releases.map(\.id) } == [candidate.release, before.release])
    }

    @Test("An earlier release that had traffic is kept though newer ones never had any")
    func retentionOfServed() async throws {
        let oldest = Placement(colour: .green, release: Sample.release(0))
        var earlier = Sample.deployment(previous: oldest)
        while earlier.next(at: Sample.moment).step != nil {
            earlier.record(.done, at: Sample.moment)
        }
        let history = [earlier]
        let ids = [Sample.release(4), Sample.release(3), candidate.release, before.release]
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.store.deployments = history
            $0.store.releases = (ids + [oldest.release]).map { id in
                Release(id: id, label: nil, createdAt: Sample.moment, services: [Sample.web])
            }
        }
        let begun = Deployment(
            Order(
                number: 2, kind: .deploy, candidate: candidate, label: nil, previous: before,
                services: [Sample.api, Sample.web], settings: DeploymentSettings(releases: 3)),
            at: Sample.moment)
        _ = await Orchestrator(host.ports, interruption: Interruption()).run(begun)
        #expect(
            host.with { $0.store.releases.map(\.id) }
                == [candidate.release, before.release, oldest.release])
    }

    @Test("The colour that the link names is never stopped")
    func guardLive() async throws {
        let host = ScriptedHost { $0.router.live = .green }
        let ended = try await run(host)
        #expect(ended.outcome == .aborted)
        #expect(!host.calls.contains("prepare green"))
        #expect(!host.calls.contains { $0.hasPrefix("remove") })
        #expect(ended.warnings.contains { $0.message.contains("green has traffic") })
    }

    @Test("A connection that is open when the drain ends is counted")
    func drain() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.router.remaining = [RemainingTraffic(connections: 2, oldWorkers: 0)]
        }
        let ended = try await run(host, settings: DeploymentSettings(previous: .stopped))
        #expect(ended.outcome == .promoted)
        #expect(host.calls.suffix(2) == ["stop blue", "discard"])
        #expect(
            ended.warnings.first?.message.hasPrefix("2 connections (websockets or streams)") == true
        )
    }

    @Test("A drain goes on while nothing can be counted, and puts a link back that is lost in it")
    func blindDrain() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.router.failingCounts = 5
            $0.router.lostInDrain = .lost(LostLink(path: "/nginx/shop/live", .missing))
        }
        let began = host.now
        let ended = try await run(host, settings: DeploymentSettings(previous: .stopped))
        #expect(ended.outcome == .promoted)
        #expect(host.now - began >= .milliseconds(500))
        let putBack = try #require(host.calls.firstIndex(of: "put back green"))
        let stop = try #require(host.calls.firstIndex(of: "stop blue"))
        #expect(putBack < stop)
        #expect(host.calls.filter { $0 == "put back green" }.count == 1)
        #expect(ended.warnings.isEmpty)
    }

    @Test("A drain that nobody could count lasts its whole time, and says so")
    func untoldDrain() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container("api"), container("web")]]
            $0.router.failingCounts = .max
        }
        let began = host.now
        let ended = try await run(host, settings: DeploymentSettings(previous: .stopped))
        #expect(ended.outcome == .promoted)
        #expect(host.now - began >= DeploymentSettings().drain)
        #expect(ended.warnings.first?.message.contains("nginx cannot say what it reads") == true)
        #expect(host.calls.contains("stop blue"))
    }

    @Test("A drain too short to tell idle connections from others calls none of them a websocket")
    func shortDrain() async throws {
        for count in 1...2 {
            let host = ScriptedHost {
                $0.engine.looks = [[container("api"), container("web")]]
                $0.router.remaining = [RemainingTraffic(connections: count, oldWorkers: 0)]
            }
            let ended = try await run(
                host, settings: DeploymentSettings(drain: .zero, previous: .stopped))
            let told = try #require(ended.warnings.first?.message)
            #expect(told.hasPrefix("\(count) connection") && told.contains("idle"))
            #expect(!told.contains("websocket"))
        }
    }
}
