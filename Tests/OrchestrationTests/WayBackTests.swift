import BlueGreen
import Orchestration
import TestSupport
import Testing

/// The sets and shared services that a way back by hand needs.
@Suite("A way back by hand")
struct WayBackTests {
    private let idle = Placement(colour: .blue, release: Sample.release(1))
    private let active = Placement(colour: .green, release: Sample.release(2))
    private let db = PlannedService(name: "db", role: .shared)

    private func container(
        _ service: String, _ placement: Placement?, _ state: Container.State = .running
    ) -> Container {
        Container(
            id: "\(service) \(placement?.colour.rawValue ?? "")", name: "shop-\(service)",
            replica: Replica(service: service, index: 1),
            role: placement == nil ? .shared : .internal, placement: placement, state: state,
            address: "10.213.6.10")
    }

    /// Green has traffic, and blue runs still.
    private func set(_ db: Container.State?) -> [[Container]] {
        [
            [container("api", idle), container("api", active)]
                + (db.map { [container("db", nil, $0)] } ?? [])
        ]
    }

    private func host(_ prepare: (inout ScriptedHost.Script) -> Void) -> ScriptedHost {
        ScriptedHost { script in
            script.router.live = .green
            script.engine.looks = set(.running)
            script.store.releases = [3, 2, 1].map { number in
                Release(
                    id: Sample.release(number), label: nil, createdAt: Sample.moment,
                    services: [db, Sample.api])
            }
            prepare(&script)
        }
    }

    private func rollBack(to number: UInt16, _ host: ScriptedHost) async throws -> Deployment {
        try await AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption()
        ).rollBack(to: Sample.release(number).text, settings: DeploymentSettings())
    }

    @Test("A cold one that fails before it replaced another release leaves that one running")
    func leavesOthers() async throws {
        let host = host { $0.engine.prepareError = "The image of web is gone." }
        let ended = try await rollBack(to: 3, host)
        #expect(ended.kind == .coldRollback && ended.outcome == .aborted)
        #expect(host.calls.filter { $0.hasPrefix("remove") }.isEmpty)
        #expect(
            host.calls.filter { $0.hasPrefix("stop") } == ["stop blue \(Sample.release(3))"])
    }

    @Test("Containers that lost a network are brought back first")
    func reconnects() async throws {
        let lost = Reconnection(container: "shop-api", network: "shop-blue", colour: .blue)
        let host = host { $0.engine.reconnected = [lost] }
        #expect(try await rollBack(to: 1, host).outcome == .promoted)
        let events = host.with { $0.events }
        #expect(
            events.first
                == .warning("shop-api was off the network shop-blue and is in it again."))
    }

    @Test("A warm one starts a shared service that does not run before it moves traffic")
    func startsShared() async throws {
        let host = host { script in
            script.engine.looks = set(.exited(code: 137, outOfMemory: false))
            script.engine.looksAfterStart = set(.running)
        }
        let ended = try await rollBack(to: 1, host)
        #expect(ended.kind == .warmRollback && ended.outcome == .promoted)
        let start = try #require(host.calls.firstIndex(of: "start db-1"))
        let move = try #require(host.calls.firstIndex { $0.hasPrefix("switch") })
        #expect(start < move)
    }

    @Test(
        "A shared service that does not come up keeps nobody from a warm one, and is told",
        arguments: [Container.State.exited(code: 137, outOfMemory: false), nil])
    func goesWithoutShared(state: Container.State?) async throws {
        let dead = Container.State.exited(code: 137, outOfMemory: false)
        let host = host { script in
            script.engine.looks = set(state)
            script.engine.looksAfterStart = set(dead)
        }
        let ended = try await rollBack(to: 1, host)
        #expect(ended.kind == .warmRollback && ended.outcome == .promoted)
        #expect(host.calls.contains("start db-1"))
        let isTold = host.with { script in
            script.events.contains { event in
                guard case .warning(let text) = event else { return false }
                return text.contains("db") && text.hasSuffix("Both colours are without it.")
            }
        }
        #expect(isTold)
    }

    @Test(
        "A warm one leaves traffic where it is if its colour does not reach a shared service",
        arguments: [(Colour.blue, Outcome.aborted), (.green, .promoted)])
    func refusesUnreachable(colour: Colour, outcome: Outcome) async throws {
        let lost = Reconnection(
            container: "shop-db", network: "shop-\(colour)", colour: colour,
            refusal: "Address already in use.")
        let host = host { $0.engine.reconnected = [lost] }
        let ended = try await rollBack(to: 1, host)
        #expect(ended.outcome == outcome)
        #expect(ended.failure.map { $0.message == lost.description } ?? (outcome == .promoted))
    }
}
