import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("A replica that does not become healthy")
struct ReadinessTests {
    private let deployment = Sample.deployment(
        previous: Placement(colour: .blue, release: Sample.release(1)))
    private var candidate: Placement { deployment.candidate }

    private func web(_ method: HealthCheck.Method) -> PlannedService {
        PlannedService(
            name: "web", role: .exposed, port: 8080, healthCheck: HealthCheck(method: method))
    }

    private var http: PlannedService {
        web(
            .http(
                port: 8080, path: "/healthz", host: nil, expected: HealthCheck.usualStatuses))
    }

    private func container(
        _ state: Container.State = .running, health: Health? = nil, output: String? = nil,
        address: String? = "10.213.6.10", unplaced: String? = nil
    ) -> Container {
        Container(
            id: "web", name: "web", replica: Replica(service: "web", index: 1), role: .exposed,
            placement: candidate, state: state, health: health, healthOutput: output,
            address: address, unplaced: unplaced)
    }

    @Test("One that has not started yet has no address, and that is no failure to tell")
    func starting() async throws {
        let host = ScriptedHost()
        let probe = ReplicaProbe(host.ports)
        let check = HealthCheck(method: .tcp(port: 8080))
        let waiting = container(.created, output: "no suitable node", address: nil)
        #expect(
            try await probe.probe(waiting, check)
                == .failed(.reported(.starting, output: "no suitable node")))
        #expect(
            try await probe.probe(container(address: nil), check) == .failed(.noAddress))
    }

    @Test("One that the engine finds no node for is given up at once, in the engine's words")
    func unplaced() async throws {
        let reason = "no suitable node (insufficient resources on 3 nodes)"
        let host = ScriptedHost {
            $0.engine.looks = [[container(.created, address: nil, unplaced: reason)]]
        }
        let failure = try await failure(of: http, host)
        #expect(failure?.cause == .noNode)
        #expect(
            failure?.message == "green web-1 has found no node that may run it: \(reason).")
    }

    /// - Returns: why it did not; nil where it did.
    private func failure(
        of service: PlannedService, _ host: ScriptedHost
    ) async throws -> Failure? {
        let result = try await ReadinessWait(host.ports, candidate, PlannedReplica(service, 1))
            .wait()
        if case .failed(let failure) = result { return failure }
        return nil
    }

    @Test(
        "A port that refuses is explained by what the container listens on",
        arguments: [
            ([.init(.everywhere, 80)], "teal.yml expects port 8080; the container listens on 80."),
            ([], "teal.yml expects port 8080; the container listens on none."),
            (
                [.init(.loopback, 8080), .init(.everywhere, 80)],
                "It listens on port 8080 at 127.0.0.1 or ::1 only, which nothing outside of the "
                    + "container reaches. Let it listen on 0.0.0.0."
            ),
            (
                [.init(.everywhereByIPv6, 8080)],
                "It listens on port 8080 by IPv6 only, and nginx reaches it by IPv4. Let it listen "
                    + "on 0.0.0.0."
            ),
            (
                [.init(.address("172.18.0.2"), 8080)],
                "It listens on port 8080 at 172.18.0.2 only, and nginx reaches it at 10.213.6.10. "
                    + "Let it listen on 0.0.0.0."
            ),
            (
                [.init(.everywhere, 8080)],
                "By now it listens on port 8080: a longer `deadline` may be all it needs."
            ),
            (
                [.init(.address("10.213.6.10"), 8080), .init(.loopback, 8080)],
                "By now it listens on port 8080: a longer `deadline` may be all it needs."
            ),
        ] as [([Listener], String)])
    func refused(listeners: [Listener], advice: String) async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container()]]
            $0.probes = [.failed(.refused(port: 8080))]
            $0.engine.listening = listeners
        }
        let message = try await failure(of: http, host)?.message ?? ""
        #expect(message.contains("refused the connection"))
        #expect(message.hasSuffix(" " + advice), "\(message)")
    }

    @Test("A container that has ended by the deadline is told by its end, not by its silence")
    func ended() async throws {
        var check = try #require(http.healthCheck)
        // It is over after the first probe, before anybody looks at the container again.
        check.deadline = .zero
        let service = PlannedService(
            name: "web", role: .exposed, port: 8080, healthCheck: check)
        let host = ScriptedHost {
            $0.engine.looks = [
                [container()], [container(.exited(code: 3, outOfMemory: false))],
            ]
            $0.probes = [.failed(.refused(port: 8080))]
        }
        #expect(
            try await failure(of: service, host)?.message
                == "green web-1 ended with exit code 3.")
    }

    @Test("A replica that ends during its last probe with traffic is told by its end")
    func endedLater() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [
                [container()], [container()], [container(.exited(code: 4, outOfMemory: false))],
            ]
            $0.probes = [.failed(.noAnswer)]
        }
        let check = LivenessCheck(host.ports, deployment, PlannedReplica(http, 1))
        let failure = try await check.trouble(with: container(), .withTraffic)
        #expect(failure?.message == "green web-1 ended with exit code 4.")
    }

    @Test("An engine that does not answer takes nothing from what the probes have shown")
    func silentEngine() async throws {
        var check = try #require(http.healthCheck)
        check.fall = 1
        let service = PlannedService(name: "web", role: .exposed, port: 8080, healthCheck: check)
        let host = ScriptedHost {
            $0.engine.error = "Docker does not answer."
            $0.probes = [.failed(.status(503))]
        }
        let liveness = LivenessCheck(host.ports, deployment, PlannedReplica(service, 1))
        let failure = try await liveness.trouble(with: container(), .withTraffic)
        #expect(failure?.message.contains("answered 503") == true)
    }

    @Test("A check by Docker in a container without a HEALTHCHECK is a failure at once")
    func noHealthCheck() async throws {
        let host = ScriptedHost { $0.engine.looks = [[container()]] }
        let failure = try await failure(of: web(.docker), host)
        #expect(
            failure?.message
                == "green web-1 has no HEALTHCHECK of its own, which its check asks for. Add "
                + "`healthcheck:` to it in the compose file, or another `health:` in teal.yml.")
        #expect(host.ports.clock.now == Sample.moment)
    }

    @Test("What the HEALTHCHECK printed is told with its verdict")
    func output() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [
                [container(health: .unhealthy, output: "curl: (7) refused (exit code 7)")]
            ]
        }
        #expect(
            try await failure(of: web(.docker), host)?.message.contains(
                "its HEALTHCHECK reports \"unhealthy\": curl: (7) refused (exit code 7) (")
                == true)
    }

    @Test("A redirect that counts as healthy by default is not passed over in silence")
    func redirect() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [[container()]]
            $0.probes = [.accepted(status: 301)]
        }
        #expect(try await failure(of: http, host) == nil)
        let warnings = host.with { $0.events }.compactMap { event in
            if case .warning(let text) = event { text } else { nil }
        }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("answered 301") == true)
        let wanted = web(
            .http(port: 8080, path: "/", host: nil, expected: [301...301]))
        let silent = ScriptedHost {
            $0.engine.looks = [[container()]]
            $0.probes = [.accepted(status: 301)]
        }
        #expect(try await failure(of: wanted, silent) == nil)
        #expect(
            !silent.with { $0.events }.contains { if case .warning = $0 { true } else { false } })
    }
}
