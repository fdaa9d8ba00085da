import BlueGreen
import Orchestration
import TestSupport
import Testing

/// What becomes of deployments while the store takes no record.
@Suite("Deployments on a full disk")
struct FullDiskTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))

    private func host(_ prepare: (inout ScriptedHost.Script) -> Void) -> ScriptedHost {
        ScriptedHost { script in
            script.engine.looks = [[container("api", candidate), container("web", candidate)]]
            prepare(&script)
        }
    }

    private func container(
        _ service: String, _ placement: Placement, _ role: ServiceRole = .internal
    ) -> Container {
        Container(
            id: service, name: service, replica: Replica(service: service, index: 1),
            role: role, placement: placement, state: .running, address: "10.213.6.10")
    }

    private func deploy(
        _ host: ScriptedHost, _ settings: DeploymentSettings = DeploymentSettings()
    ) async -> Deployment {
        await Orchestrator(host.ports, interruption: Interruption())
            .run(Sample.deployment(previous: before, settings: settings))
    }

    @Test("A disk that fills after the switch does not end the bake: a bad release goes back")
    func badRelease() async {
        let host = host { script in
            script.store.saveError = { $0.isPastSwitch ? "The disk is full." : nil }
            script.observer.figures = [
                [.blue: RequestFigures(requests: 100, errors: 0)],
                [.green: RequestFigures(requests: 100, errors: 50)],
            ]
        }
        let ended = await deploy(host, DeploymentSettings(bake: Bake(duration: .seconds(5))))
        #expect(ended.outcome == .rolledBack && ended.failure?.cause == .breach)
        #expect(host.with { $0.router.live } == .blue)
        #expect(ended.warnings.filter { $0.cause == .unrecorded }.count == 1)
    }

    @Test("A record that had no room is written as soon as there is some")
    func writtenLater() async {
        let host = host { script in
            script.store.saveError = { deployment in
                deployment.isPastSwitch && deployment.outcome == nil ? "The disk is full." : nil
            }
        }
        let ended = await deploy(host)
        #expect(ended.outcome == .promoted && ended.warnings.isEmpty)
        #expect(host.with { $0.store.deployments.first } == ended)
    }

    @Test("A deploy that could not be recorded makes nothing")
    func refused() async {
        let host = host { $0.store.saveError = { _ in "The disk is full." } }
        let ended = await deploy(host)
        #expect(ended.outcome == .aborted && ended.failure?.message == "The disk is full.")
        #expect(host.calls.isEmpty)
    }

    @Test("A warm rollback needs no record")
    func rollback() async {
        let host = host { script in
            script.store.saveError = { _ in "The disk is full." }
            script.store.deleteError = "The disk is full."
        }
        let ended = await Orchestrator(host.ports, interruption: Interruption())
            .run(Sample.deployment(kind: .warmRollback, previous: before))
        #expect(ended.outcome == .promoted)
        #expect(host.with { $0.router.live } == .green)
    }

    private static let unconnected = EdgeResult.brokenEdge(
        EdgeFault(.unconnected, "could not connect to 10.213.5.10:8080", remedy: ""))

    @Test(
        "An old record takes no traffic to a colour that was stopped since, as Docker or nginx tells",
        arguments: [false, true], [unconnected, .passed])
    func nothingToGoBackTo(isEngineSilent: Bool, blue: EdgeResult) async throws {
        let host = host { script in
            // One before the switch, and one of each colour on the way back.
            script.router.edges = [.passed, blue, .passed]
            script.engine.looks = [
                [container("api", candidate), container("web", candidate, .exposed)]
            ]
            script.disturbance = (
                "edge web in green", 1,
                { script in
                    script.router.confirmError = "The workers do not follow."
                    if isEngineSilent { script.engine.error = "Docker does not answer." }
                }
            )
        }
        let ended = await deploy(host)
        let goesBack = blue == .passed
        #expect(host.calls.contains("switch blue") == goesBack)
        #expect(ended.outcome == .unknown)
    }
}
