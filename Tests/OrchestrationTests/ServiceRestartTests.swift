import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("Restarting a service by hand")
struct ServiceRestartTests {
    private static let active = Placement(colour: .green, release: Sample.release(2))
    private static let web = PlannedService(
        name: "web", role: .exposed, replicas: 2, port: 8080,
        healthCheck: HealthCheck(method: .docker, rise: 1, deadline: .seconds(5)))
    private static let services = [
        web, PlannedService(name: "db", role: .shared),
        PlannedService(name: "migrate", role: .internal, isOneShot: true),
    ]

    private static func container(
        _ service: PlannedService, _ index: Int, health: Health? = .healthy,
        _ state: Container.State = .running
    ) -> Container {
        Container(
            id: "\(service.name)-\(index)", name: "\(service.name)-\(index)",
            replica: Replica(service: service.name, index: index), role: service.role,
            placement: service.role == .shared ? nil : active, state: state, health: health)
    }

    private func host(
        _ looks: [[Container]], _ prepare: (inout ScriptedHost.Script) -> Void = { _ in }
    ) -> ScriptedHost {
        ScriptedHost { script in
            script.router.live = .green
            script.engine.looks = looks
            script.store.releases = [
                Release(
                    id: Self.active.release, label: nil, createdAt: Sample.moment,
                    services: Self.services)
            ]
            prepare(&script)
        }
    }

    private func restart(
        _ service: String, replica: Int? = nil, _ host: ScriptedHost,
        _ interruption: Interruption = Interruption()
    ) async throws -> ServiceRestart.Outcome {
        try await ServiceRestart(host.ports, interruption: interruption)
            .run(service, replica: replica)
    }

    private var bothHealthy: [Container] {
        [Self.container(Self.web, 1), Self.container(Self.web, 2)]
    }

    @Test("Replicas restart one after the other, and nothing else is touched")
    func order() async throws {
        let host = host([bothHealthy])
        let outcome = try await restart("web", host)
        #expect(outcome.restarted.map(\.description) == ["web-1", "web-2"])
        #expect(outcome.left.isEmpty)
        #expect(outcome.failure == nil)
        #expect(host.calls.filter { $0.contains("restart") } == ["restart web-1", "restart web-2"])
    }

    @Test("A replica that lost its network is brought back first")
    func reconnects() async throws {
        let lost = Reconnection(container: "web-1", network: "shop-green", colour: .green)
        let host = host([bothHealthy]) { $0.engine.reconnected = [lost] }
        _ = try await restart("web", host)
        #expect(host.with { $0.events.first } == .warning("\(lost)"))
    }

    @Test("An unhealthy replica is restarted before a healthy one")
    func unhealthyFirst() async throws {
        let ill = [Self.container(Self.web, 1), Self.container(Self.web, 2, health: .unhealthy)]
        let host = host([ill, bothHealthy])
        let outcome = try await restart("web", host)
        #expect(outcome.restarted.map(\.description) == ["web-2", "web-1"])
    }

    @Test("Only the replica that was named is restarted")
    func one() async throws {
        let host = host([bothHealthy])
        let outcome = try await restart("web", replica: 2, host)
        #expect(outcome.restarted.map(\.description) == ["web-2"])
        #expect(outcome.left.isEmpty)
    }

    @Test("The first that does not come back ends it, and the rest is left as it was")
    func failure() async throws {
        let ended = [
            Self.container(Self.web, 1, .exited(code: 1, outOfMemory: false)),
            Self.container(Self.web, 2),
        ]
        let host = host([bothHealthy, ended])
        let outcome = try await restart("web", host)
        #expect(outcome.restarted.isEmpty)
        #expect(outcome.failure?.replica.description == "web-1")
        #expect(outcome.failure?.failure.message.contains("ended with exit code 1") == true)
        #expect(outcome.left.map(\.description) == ["web-2"])
        #expect(host.calls.filter { $0.contains("restart") } == ["restart web-1"])
    }

    @Test("A shared service with one replica is restarted, and that it is down is said before")
    func shared() async throws {
        let db = Self.container(Self.services[1], 1, health: nil)
        let host = host([bothHealthy + [db]])
        let outcome = try await restart("db", host)
        #expect(outcome.restarted.map(\.description) == ["db-1"])
        let first = host.with { $0.events }.first
        #expect(first == .warning("db has one replica, and is down until it is up again."))
    }

    @Test("A wish to end is obeyed before the next replica")
    func interrupted() async throws {
        let interruption = Interruption()
        interruption.receive("SIGTERM")
        let host = host([bothHealthy])
        let outcome = try await restart("web", host, interruption)
        #expect(outcome.restarted.isEmpty)
        #expect(outcome.left.map(\.description) == ["web-1", "web-2"])
        #expect(!host.calls.contains { $0.contains("restart") })
    }

    @Test("Nothing is restarted where that has no meaning, and the reason is told")
    func refused() async throws {
        let cases: [(String, Int?, RestartRefusal)] = [
            ("wbe", nil, .unknownService("wbe", known: ["db", "migrate", "web"])),
            ("web", 3, .unknownReplica(3, of: "web", count: 2)),
            ("migrate", nil, .oneShot("migrate")),
            ("db", nil, .noContainer(Replica(service: "db", index: 1))),
        ]
        for (service, replica, expected) in cases {
            let host = host([bothHealthy])
            await #expect(throws: expected) {
                try await restart(service, replica: replica, host)
            }
            #expect(!host.calls.contains { $0.contains("restart") })
        }
    }

    @Test("During an unfinished deployment nothing is restarted")
    func unfinished() async throws {
        let host = host([bothHealthy]) {
            $0.store.deployments = [Sample.deployment(previous: Self.active)]
        }
        await #expect(throws: RestartRefusal.unfinished(number: 1, isWaiting: false)) {
            try await restart("web", host)
        }
    }

    @Test("Before the first deployment there is nothing to restart")
    func nothing() async throws {
        let host = host([[]]) { $0.router.live = nil }
        await #expect(throws: OrchestrationError.nothingDeployed) {
            try await restart("web", host)
        }
    }
}
