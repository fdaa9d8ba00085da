import BlueGreen
import Orchestration
import TestSupport
import Testing

/// What a run leaves undone, and who does it.
@Suite("Owed work")
struct OwedWorkTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let failure = Failure(.step(phase: "any"), "Docker does not answer.")

    private func deployment(
        _ owed: [Owed], _ outcome: Outcome = .aborted
    ) -> Deployment {
        var deployment = Sample.finished(outcome)
        for work in owed { deployment.owe(work) }
        return deployment
    }

    private func host(_ deployments: [Deployment]) -> ScriptedHost {
        ScriptedHost { $0.store.deployments = deployments }
    }

    private func takeUp(_ host: ScriptedHost) async throws -> AppDeployer.TakenUp {
        try await AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption()
        ).takeUp()
    }

    @Test("A candidate that could not be removed is owed, and the next run removes it")
    func cleanUp() async throws {
        let host = host([deployment([.cleanUp])])
        let taken = try await takeUp(host)
        #expect(host.calls.contains("remove green \(candidate.release)"))
        #expect(taken.done.map(\.work) == [.cleanUp] && taken.left.isEmpty)
        #expect(host.with { $0.store.deployments.first?.owed } == [])
        #expect(host.with { $0.store.deployments.first?.outcome } == .aborted)
    }

    @Test("Work that fails again stays owed, and the run goes on")
    func failsAgain() async throws {
        let host = host([deployment([.release, .cleanUp])])
        host.with { $0.store.deleteError = "The disk is full." }
        let taken = try await takeUp(host)
        #expect(taken.done.map(\.work) == [.cleanUp])
        #expect(taken.left.map(\.work) == [.release])
        #expect(host.with { $0.store.deployments.first?.owed } == [.release])
    }

    @Test("A colour with traffic is not removed, whatever is owed")
    func refusesLive() async throws {
        let host = host([deployment([.cleanUp])])
        host.with { $0.router.live = .green }
        let taken = try await takeUp(host)
        #expect(!host.calls.contains { $0.hasPrefix("remove") })
        #expect(taken.left.map(\.work) == [.cleanUp])
    }

    @Test("A previous colour that could not be retired is retired by the next run")
    func retirement() async throws {
        let host = host([deployment([.retirement], .promoted)])
        host.with { $0.router.live = .green }
        let taken = try await takeUp(host)
        #expect(taken.done.map(\.work) == [.retirement])
        #expect(host.calls.contains("discard"))
    }

    @Test("What a later deployment has overtaken is owed no more")
    func overtaken() {
        let promoted = deployment([], .promoted)
        let aborted = deployment([.cleanUp])
        #expect([aborted, aborted, promoted, aborted].owing.count == 3)
        #expect([promoted, aborted].owing.count == 1)
        #expect([Sample.deployment(previous: before), aborted].owing.isEmpty)
    }

    @Test(
        "A failure that a deployment goes on after is owed",
        arguments: [
            (Spot.cleaningUp, Owed.cleanUp, Outcome.aborted),
            (.retiring, .retirement, .promoted),
        ])
    func noted(spot: Spot, owed: Owed, outcome: Outcome) {
        var results = [spot: StepResult.failed(failure)]
        if outcome == .aborted { results[.verifying] = .failed(failure) }
        var deployment = Sample.deployment(previous: before)
        while let step = deployment.next(at: Sample.moment).step {
            let result = results.removeValue(forKey: Spot(deployment))
            let isSettling = if case .settle = step { true } else { false }
            deployment.record(
                result ?? .done, at: Sample.moment + (isSettling ? .seconds(9) : .zero))
        }
        #expect(deployment.outcome == outcome && deployment.owed == [owed])
    }

    @Test("A release that could not be forgotten is owed")
    func release() async throws {
        let host = ScriptedHost { script in
            script.router.prepareError = "nginx does not run."
            script.store.deleteError = "The disk is full."
        }
        let ended = try await AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption()
        ).deploy(ReleaseWish(id: candidate.release, settings: DeploymentSettings()))
        #expect(ended.outcome == .aborted && ended.owed == [.release])
        #expect(host.with { $0.store.deployments.first?.owed } == [.release])
    }

    @Test("Status tells what is owed")
    func status() {
        let situation = Situation(
            live: .blue, containers: [], deployments: [deployment([.cleanUp])], releases: [])
        let condition = Condition(situation, Condition.Findings())
        #expect(
            condition.owed.map(\.description) == [
                "Deployment 1 left the containers of its release \(candidate.release) in green."
            ])
    }
}
