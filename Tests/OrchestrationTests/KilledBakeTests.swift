import BlueGreen
import Orchestration
import TestSupport
import Testing

/// A run was killed while its candidate, blue, was in its bake; green is the release of before.
@Suite("A rollback after a run that was killed in its bake")
struct KilledBakeTests {
    private let green = Placement(colour: .green, release: Sample.release(1))
    private let failure = Failure(.step(phase: "measuring"), "There are no figures.")

    private func container(_ placement: Placement) -> Container {
        Container(
            id: "\(placement)", name: "web", replica: Replica(service: "web", index: 1),
            role: .exposed, placement: placement, state: .running, address: "10.213.6.10")
    }

    private func inItsBake() throws -> Deployment {
        var settings = DeploymentSettings()
        settings.bake.duration = .seconds(300)
        var deployment = Sample.deployment(
            previous: green, services: [Sample.web], previousServices: [Sample.web],
            settings: settings, number: 7)
        for _ in 0..<100 where deployment.position?.stage != .watch(.bake) {
            let isMeasure = deployment.position?.stage == .endBaseline
            deployment.record(isMeasure ? .failed(failure) : .done, at: Sample.moment)
        }
        try #require(deployment.position?.stage == .watch(.bake))
        return deployment
    }

    private func host(_ killed: Deployment) -> ScriptedHost {
        ScriptedHost { script in
            script.router.live = killed.candidate.colour
            script.store.deployments = [killed]
            script.store.releases = [killed.candidate, green].map { placement in
                Release(
                    id: placement.release, label: "v\(placement.colour)",
                    createdAt: Sample.moment, services: [Sample.web])
            }
            script.engine.looks = [[container(green), container(killed.candidate)]]
        }
    }

    @Test(
        "It undoes that deployment at once, and goes no further back",
        arguments: [nil, "vgreen"])
    func undone(target: String?) async throws {
        let killed = try inItsBake()
        let host = host(killed)
        let deployer = AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption())
        let ended = try await deployer.rollBack(to: target, settings: DeploymentSettings())
        #expect(ended.number == 7 && ended.outcome == .rolledBack)
        #expect(ended.failure?.cause == .declined)
        #expect(host.with { $0.router.live } == .green)
        #expect(host.with { $0.store.deployments.map(\.number) } == [7])
    }

    @Test("A rollback whose run was killed after its switch is finished, and nothing more")
    func rollback() async throws {
        var killed = Sample.deployment(
            kind: .warmRollback, previous: green, services: [Sample.web],
            previousServices: [Sample.web], number: 7)
        for _ in 0..<100 where killed.position?.stage != .drain(.previous) {
            killed.record(.done, at: Sample.moment)
        }
        try #require(killed.position?.stage == .drain(.previous))
        for target in [nil, "vblue"] {
            let host = host(killed)
            let deployer = AppDeployer(
                host.ports, announcer: KeepingAnnouncer(), interruption: Interruption())
            let ended = try await deployer.rollBack(to: target, settings: DeploymentSettings())
            #expect(ended.number == 7 && ended.outcome == .promoted)
            #expect(host.with { $0.router.live } == .blue)
        }
    }

    @Test("A link that is lost in a bake is put back, and what nginx answers is written down again")
    func watchedAgain() async throws {
        var baking = try inItsBake()
        baking.record(.done, at: Sample.moment)
        let host = host(baking)
        host.with { $0.router.lost = .lost(LostLink(path: "live", .missing)) }
        _ = await Orchestrator(host.ports, interruption: Interruption()).run(baking)
        let calls = host.calls.drop { !$0.hasPrefix("put back") }
        #expect(calls.first == "put back \(baking.candidate.colour)")
        #expect(calls.contains("watch"))
    }

    @Test("Another verb lets the bake go on to its end")
    func finished() async throws {
        let killed = try inItsBake()
        let host = host(killed)
        let deployer = AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption())
        #expect(try await deployer.takeUp().deployment?.outcome == .promoted)
        #expect(host.with { $0.router.live } == killed.candidate.colour)
    }
}
