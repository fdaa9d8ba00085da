import BlueGreen
import Orchestration
import TestSupport
import Testing

/// A site that asks for a service which the release of before does not have.
@Suite("A way back to a release that lacks a service")
struct MissingServiceTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let active = Placement(colour: .green, release: Sample.release(2))
    private let loss = Obstacle(
        "Give front its port.",
        loss: Obstacle.Loss("front is asked for.", remedy: "Take its line out."))

    private func host(_ obstacles: [Obstacle]) -> ScriptedHost {
        ScriptedHost { script in
            script.store.deployments = [Sample.finished(.promoted, previous: before)]
            script.store.releases = [active, before].map { placement in
                Release(
                    id: placement.release, label: nil, createdAt: Sample.moment,
                    services: [Sample.web])
            }
            script.engine.looks = [
                [before, active].map { (placement: Placement) in
                    Container(
                        id: "\(placement)", name: "web",
                        replica: Replica(service: "web", index: 1), role: .exposed,
                        placement: placement, state: .running, address: "10.213.6.10")
                }
            ]
            script.router.live = .green
            script.router.obstacles = obstacles
        }
    }

    private func rollBack(
        _ host: ScriptedHost, _ missing: MissingServices = .refused
    ) async throws -> Deployment {
        try await AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption()
        ).rollBack(to: nil, settings: DeploymentSettings(), missing: missing)
    }

    @Test("By hand it is refused, with the remedy that a release of before can have")
    func refused() async throws {
        let host = host([loss])
        let ended = try await rollBack(host)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.message == "front is asked for. Take its line out.")
        #expect(host.with { $0.router.live } == .green)
    }

    @Test("Where that is accepted it goes back, and says what is lost")
    func accepted() async throws {
        let host = host([loss])
        #expect(try await rollBack(host, .accepted).outcome == .promoted)
        #expect(host.with { $0.router.live } == .blue)
        #expect(host.with(\.events).contains(.warning("front is asked for.")))
    }

    @Test("Anything else in its way is not accepted with it")
    func others() async throws {
        let ended = try await rollBack(host([loss, Obstacle("A stranger is there.")]), .accepted)
        #expect(ended.failure?.message == "A stranger is there.")
    }

    @Test("A bake that goes badly goes back whatever the site asks for")
    func byItself() async {
        let host = ScriptedHost { script in
            script.engine.looks = [
                ["api", "web"].map { service in
                    Container(
                        id: service, name: service,
                        replica: Replica(service: service, index: 1), role: .internal,
                        placement: active, state: .running, address: "10.213.6.10")
                }
            ]
            script.observer.figures = [
                [.blue: RequestFigures(requests: 100, errors: 0)],
                [.green: RequestFigures(requests: 100, errors: 50)],
            ]
        }
        host.with { $0.router.obstaclesOnceOn = .green }
        let settings = DeploymentSettings(bake: Bake(duration: .seconds(5)))
        let ended = await Orchestrator(host.ports, interruption: Interruption())
            .run(Sample.deployment(previous: before, settings: settings))
        #expect(ended.outcome == .rolledBack && ended.failure?.cause == .breach)
        #expect(host.with { $0.router.live } == .blue)
    }
}
