import BlueGreen
import Dashboard
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Verbs")
struct VerbTests {
    @Test(
        "Each end of a run has its own exit code",
        arguments: [
            (Outcome.promoted, 0), (.aborted, 3), (.rolledBack, 4), (.unknown, 6),
        ] as [(Outcome, Int32)])
    func outcomes(_ outcome: Outcome, _ expected: Int32) {
        #expect(ExitStatus(outcome).rawValue == expected)
    }

    @Test(
        "A deployment that a cluster refused before the switch tells by its exit code what helps",
        arguments: [
            (Failure.Cause.noMajority, 6), (.outrun, 75), (.unrecorded, 3),
        ] as [(Failure.Cause, Int32)])
    func refusedByCluster(_ cause: Failure.Cause, _ expected: Int32) throws {
        var deployment = Sample.deployment()
        #expect(ExitStatus(deployment) == nil)
        while case .perform(let step) = deployment.next(at: Sample.moment) {
            let isArming = if case .arm = step { true } else { false }
            deployment.record(
                isArming ? .failed(Failure(cause, "The cluster refused.")) : .done,
                at: Sample.moment)
        }
        #expect(deployment.outcome == .aborted)
        #expect(ExitStatus(deployment)?.rawValue == expected)
    }

    @Test(
        "Each kind of error has its own exit code",
        arguments: [
            (CommandsError.configuration([]), 78), (CommandsError.composeFile(reason: ""), 78),
            (CommandsError.unknownApp("shop", known: []), 64), (HostError.locked(by: nil), 75),
            (CommandsError.fileExists(path: "/teal.yml"), 64),
            (CommandsError.notProposed(.noPort(service: "web")), 64),
            (HostError.noRoom(path: "/"), 3), (CancellationError(), 1),
            (CommandsError.stateNotReadable(path: "/var/lib/teal", reason: ""), 1),
            (OrchestrationError.unknownRelease("nope", known: []), 64),
            (OrchestrationError.noPrevious, 64), (OrchestrationError.nothingDeployed, 64),
            (OrchestrationError.alreadyActive(ReleaseID(at: Sample.moment, entropy: 1)), 64),
            (OrchestrationError.hasTraffic(.blue), 1),
            (TokenError.unknown("nope"), 64), (TokenError.nameTaken("grafana"), 64),
            (TokenError.tooMany, 64), (TokenError.unreadable(path: "/"), 1),
            (
                OrchestrationError.lostLink(
                    LostLink(path: "/live", .foreign(target: "purple"))), 6
            ),
            (
                OrchestrationError.untoldLink(
                    LostLink(path: "/live", .missing), reason: "both colours run"), 6
            ),
        ] as [(any Error, Int32)])
    func errors(_ error: any Error, _ expected: Int32) {
        #expect(ExitStatus(error).rawValue == expected)
    }

    @Test(
        "In a compose command a service stands for its replicas",
        arguments: [
            (["logs", "-f", "web"], ["logs", "-f", "web-1", "web-2"]),
            (["ps"], ["ps"]), (["logs", "db"], ["logs", "db"]),
            (["exec", "web", "web"], ["exec", "web-1", "web"]),
            (["exec", "-T", "chat", "ls"], ["exec", "-T", "chat", "ls"]),
            ([], []),
        ])
    func replicaNames(_ arguments: [String], _ expected: [String]) {
        let names = ReplicaNames([
            Replica(service: "chat", index: 1), Replica(service: "web", index: 1),
            Replica(service: "web", index: 2),
        ])
        #expect(names.expanding(arguments) == expected)
    }

    @Test(
        "A label cannot be anything but a tag or a commit",
        arguments: [
            ("v1.2.3", true), ("feature/x+1", true), ("", false), ("-v", false), ("a b", false),
            ("a\nb", false), (String(repeating: "a", count: 129), false),
        ])
    func label(_ text: String, _ isGood: Bool) {
        #expect((ReleaseLabel(argument: text) != nil) == isGood)
    }

    @Test("A wait is written as in teal.yml")
    func wait() {
        #expect(DurationArgument(argument: "10m")?.duration == .seconds(600))
        #expect(DurationArgument(argument: "10") == nil)
        #expect(DurationArgument(.zero).defaultValueDescription == "0s")
    }

    @Test("The history is a table, with phase times on demand")
    func history() {
        let deployments = [SummaryTests.finished(.aborted), SummaryTests.finished(.promoted)]
        #expect(
            HistoryTable(deployments, details: .hidden).text == """
                #  started (UTC)        kind    release               label  colour  outcome   took
                1  2026-11-20 21:34:05  deploy  20261120-213407-0002  -      green   aborted   12 s
                1  2026-11-20 21:34:05  deploy  20261120-213407-0002  -      green   promoted  12 s

                """)
        let details = HistoryTable(deployments, details: .shown).text
        #expect(details.contains("    preparing 12 s, starting 0 ms, probing 0 ms, cleaning up"))
        #expect(details.contains("    It failed.\n"))
    }
}
