import BlueGreen
import Orchestration
import TestSupport
import Testing

@Suite("The candidate asked through nginx")
struct EdgeCheckTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let wall = EdgeResult.brokenEdge(
        EdgeFault(.unconnected, "could not connect to 10.213.6.10:8080", remedy: "Open it."))

    private func run(
        _ edges: [EdgeResult], kind: DeploymentKind = .deploy
    ) async -> (Deployment, [String]) {
        let containers = ["api", "web"].map { service in
            Container(
                id: service, name: service, replica: Replica(service: service, index: 1),
                role: .exposed, placement: candidate, state: .running, address: "10.213.6.10")
        }
        let host = ScriptedHost {
            $0.engine.looks = [containers]
            $0.router.edges = edges
        }
        let ended = await Orchestrator(host.ports, interruption: Interruption())
            .run(Sample.deployment(kind: kind, previous: before))
        return (ended, host.calls)
    }

    @Test(
        "A candidate that nginx cannot reach gets no traffic, whatever brought it there",
        arguments: [DeploymentKind.deploy, .warmRollback, .coldRollback])
    func unreached(kind: DeploymentKind) async {
        let (ended, calls) = await run([wall], kind: kind)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .edge(service: "web"))
        #expect(
            ended.failure?.message
                == "green web is up, but nginx could not connect to 10.213.6.10:8080 (3 times in a "
                + "row), so no visitor would get to it. Open it.")
        #expect(!calls.contains { $0.hasPrefix("switch") })
        #expect(calls.filter { $0 == "edge web in green" }.count == 3)
    }

    @Test("A cluster that lost its majority meanwhile is no fault of the release")
    func leaderless() async {
        let fault = EdgeFault(
            .unconnected, "of an edge did not get to it", remedy: "", meaning: .noMajority)
        let (ended, calls) = await run([.brokenEdge(fault)])
        #expect(ended.failure?.cause == .noMajority)
        #expect(!calls.contains { $0.hasPrefix("switch") })
    }

    @Test("An app that answers nginx otherwise than Teal is told apart from nginx")
    func brokenApp() async {
        let (ended, calls) = await run([.brokenApp(.status(421))])
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .step(phase: "probing edge"))
        #expect(
            ended.failure?.message
                == "green web passed its check, but by way of nginx the same request answered 421 "
                + "(3 times in a row), and visitors come that way too.")
        #expect(!calls.contains { $0.hasPrefix("switch") })
    }

    @Test("One failure alone ends nothing, and only what nginx serves is asked")
    func once() async {
        let (ended, calls) = await run([wall, .brokenApp(.noAnswer), .passed])
        #expect(ended.outcome == .promoted)
        let asked = calls.filter { $0.hasPrefix("edge ") }
        #expect(asked == Array(repeating: "edge web in green", count: 3))
    }
}
