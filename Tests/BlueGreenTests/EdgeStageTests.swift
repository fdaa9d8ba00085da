import BlueGreen
import TestSupport
import Testing

@Suite("The probe through nginx in a deployment")
struct EdgeStageTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let failure = Failure(.edge(service: "web"), "nginx could not connect.")

    @Test(
        "It comes behind each arming, before anybody gets traffic",
        arguments: [DeploymentKind.deploy, .warmRollback, .coldRollback])
    func order(kind: DeploymentKind) throws {
        let settings = DeploymentSettings(
            canary: Canary(steps: [Share(percent: 10)], every: .seconds(1)),
            promotion: .manual(within: .seconds(60)))
        let (ended, steps) = play(
            Sample.deployment(kind: kind, previous: before, settings: settings))
        #expect(ended.outcome == .promoted)
        let armings = steps.indices.filter { steps[$0] == .arm(.green) }
        #expect(armings.count == (kind == .deploy ? 2 : 1))
        for arming in armings { #expect(steps[arming + 1] == .probeEdge(.green)) }
        let switching = try #require(
            steps.firstIndex { if case .route = $0 { true } else { false } })
        #expect(armings.allSatisfy { $0 < switching })
    }

    @Test("A failure there leaves traffic alone, and a signal ends it early")
    func failures() {
        for result in [StepResult.failed(failure), .interrupted(signal: "SIGTERM")] {
            let (ended, steps) = play(
                Sample.deployment(previous: before), [.probingEdge: result])
            #expect(ended.outcome == .aborted)
            #expect(!steps.contains { if case .route = $0 { true } else { false } })
            #expect(steps.last == .cleanUp(.green))
        }
        let (ended, steps) = play(
            Sample.deployment(kind: .warmRollback, previous: before),
            [.probingEdge: .failed(failure)])
        #expect(ended.outcome == .aborted)
        #expect(steps.last == .probeEdge(.green))
    }

    @Test("The way back after a switch asks nginx for nothing of the kind")
    func wayBack() {
        let (ended, steps) = play(
            Sample.deployment(previous: before), [.confirming: .failed(failure)])
        #expect(ended.outcome == .rolledBack)
        #expect(steps.filter { if case .probeEdge = $0 { true } else { false } }.count == 1)
    }
}
