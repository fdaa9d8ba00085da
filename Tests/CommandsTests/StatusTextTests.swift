import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Status in words")
struct StatusTextTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(2))

    @Test("The run that carries a deployment is left to it: nobody is told to start another")
    func underWay() throws {
        let app = try CleanTests.app()
        func text(_ holder: LockHolder?) -> String {
            var findings = Condition.Findings()
            findings.holder = holder
            let situation = Situation(
                live: nil, containers: [],
                deployments: [
                    Sample.deployment(previous: Self.blue),
                    SummaryTests.finished(.promoted, previous: nil),
                ], releases: [])
            return StatusText(Condition(situation, findings), app).text
        }
        let holder = LockHolder(pid: 1, since: Sample.moment, verb: "deploy", release: nil)
        #expect(!text(holder).contains("Next:"))
        #expect(text(nil).contains("Next: `teal resume --app shop`"))
    }

    @Test("The exit code says whether an app is well")
    func verdicts() {
        #expect(ExitStatus(Condition.Verdict.well) == .done)
        #expect(ExitStatus(Condition.Verdict.unhealthy) == .unhealthy)
        #expect(ExitStatus(Condition.Verdict.owing) == .unhealthy)
        #expect(ExitStatus(Condition.Verdict.unknown) == .unknown)
    }

    @Test("A replica's health is said with its reason")
    func health() {
        let killed = Container.State.exited(code: 137, outOfMemory: true)
        #expect(
            ReplicaHealth.unhealthy(.notRunning(killed)).text
                == "unhealthy: not running (out of memory, OOM-killed)")
        #expect(
            ReplicaHealth.unhealthy(.probe(.status(503))).text == "unhealthy: answered 503")
        #expect(
            ReplicaHealth.unhealthy(.probe(.noHealthCheck)).text
                == "unhealthy: reports \"no HEALTHCHECK\"")
    }
}
