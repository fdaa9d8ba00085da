import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("The last lines")
struct SummaryTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(1))
    private static let labels = [Sample.release(1): "v1", Sample.release(2): "v2"]

    @Test("A promotion says who has traffic and how to go back")
    func promoted() {
        let lines = lines(of: Self.finished(.promoted), live: .green)
        #expect(
            lines == [
                "Promoted: release 20261120-213407-0002 (v2) runs in green after 12 s.",
                "Traffic is on green, release 20261120-213407-0002 (v2).",
                "Next: `teal rollback --app shop` goes back to release "
                    + "20261120-213406-0001 (v1) at once, while it runs.",
            ])
    }

    @Test(
        "The way back is called one at once only where the release before runs",
        arguments: [
            (DeploymentKind.warmRollback, "goes back to release %@ at once, while it runs."),
            (.coldRollback, "starts release %@ again and goes back to it."),
            (nil, "goes back to release %@."),
        ])
    func wayBack(kind: DeploymentKind?, words: String) {
        let circumstances = Summary.Circumstances(live: .green, wayBack: kind)
        let lines = Summary(of: Self.finished(.promoted), circumstances).lines
        let named = words.split(separator: "%@", omittingEmptySubsequences: false)
            .joined(separator: "20261120-213406-0001")
        #expect(lines.last == "Next: `teal rollback` \(named)")
    }

    @Test("B1: A promotion names the shared services that have another image than the release")
    func staleShared() {
        let stale = [
            StaleShared("app", .notBuilt), StaleShared("migrate", .otherImage),
            StaleShared("web", .otherImage),
        ]
        let circumstances = Summary.Circumstances(live: .green, staleShared: stale)
        let lines = Summary(of: Self.finished(.promoted), circumstances).lines
        #expect(
            lines.dropFirst().prefix(2) == [
                "Not replaced: migrate, web, shared and of another image than this release. "
                    + "`teal deploy --update-shared migrate` replaces one of them.",
                "Not replaced: app, shared and not built for this release. "
                    + "`teal deploy --update-shared app` builds and replaces it.",
            ])
    }

    @Test("An app's first promotion has nothing to go back to")
    func first() {
        let lines = lines(of: Self.finished(.promoted, previous: nil), live: .blue)
        #expect(lines.last == "Next: `teal status --app shop` shows its health.")
    }

    @Test("A release that is not recorded any more is not offered to go back to")
    func forgotten() {
        let circumstances = Summary.Circumstances(live: .green, known: [Sample.release(2)])
        let summary = Summary(of: Self.finished(.promoted), circumstances)
        #expect(summary.lines.last == "Next: `teal status` shows its health.")
    }

    @Test("An abort says why, with the candidate's last log lines, and that traffic stayed")
    func aborted() {
        let failure = Failure(
            .unhealthy(Replica(service: "web", index: 1)),
            "green web-1 did not become healthy in 120 s.\n::error::boo", logLines: ["::x", "last"])
        let lines = lines(of: Self.finished(.aborted, failure: failure), live: .blue)
        #expect(
            lines == [
                "Aborted before the switch after 12 s: release 20261120-213407-0002 (v2) "
                    + "got no traffic.",
                "Why: green web-1 did not become healthy in 120 s.", "| ::error::boo",
                "  | ::x", "  | last", "Traffic is on blue, release 20261120-213406-0001 (v1).",
                "Next: fix the release and run `teal deploy --app shop` again; "
                    + "the whole run stands in /log/1.log.",
            ])
    }

    @Test("Where nothing had traffic before, an abort says that nothing has it now")
    func abortedFirst() {
        let lines = lines(of: Self.finished(.aborted, previous: nil), live: nil)
        // nginx may have no line of Teal's yet.
        #expect(lines.contains("No colour has traffic."))
        let later = self.lines(of: Self.finished(.aborted), live: nil)
        #expect(later.contains("No colour has traffic; nginx answers 503."))
    }

    @Test("A rollback after the switch and an unknown end are told apart from an abort")
    func others() {
        let back = lines(of: Self.finished(.rolledBack), live: .blue)
        #expect(back.first?.hasPrefix("Rolled back after the switch") == true)
        #expect(back.contains("Traffic is on blue, release 20261120-213406-0001 (v1)."))
        let unknown = lines(of: Self.finished(.unknown), live: .green)
        #expect(unknown.first?.hasPrefix("Unknown: traffic could not be shown") == true)
        #expect(unknown.contains { $0.hasSuffix("but that was not confirmed.") })
        #expect(unknown.last?.contains("`teal resume --app shop`") == true)
    }

    @Test("A promotion after which others have moved the link says where traffic is, and no more")
    func overtaken() {
        let lines = lines(of: Self.finished(.promoted), live: .blue)
        #expect(
            lines.contains(
                "Traffic is where the link leads, blue: others have moved it there since. Act now.")
        )
        #expect(lines.last?.contains("`teal status --app shop` tells who serves") == true)
    }

    @Test(
        "A rollback says whether it was warm or cold",
        arguments: [
            (DeploymentKind.warmRollback, "Rolled back (warm) to release"),
            (.coldRollback, "Rolled back (cold) to release"), (.deploy, "Promoted: release"),
        ])
    func kinds(_ kind: DeploymentKind, _ expected: String) {
        let lines = lines(of: Self.finished(.promoted, kind: kind), live: .green)
        #expect(lines.first?.hasPrefix(expected) == true, "\(lines)")
    }

    @Test("A signal's advice is to run the same verb again")
    func signal() {
        let failure = Failure(.signal("SIGTERM"), "SIGTERM asked for an end.")
        let deploy = lines(of: Self.finished(.aborted, failure: failure), live: .blue)
        #expect(deploy.last?.contains("run `teal deploy --app shop` again") == true)
        let rollback = Self.finished(.aborted, kind: .warmRollback, failure: failure)
        #expect(
            lines(of: rollback, live: .blue).last?.contains("run `teal rollback --app shop` again")
                == true)
    }

    @Test(
        "However long the messages are, the lines fit CodeDeploy's console",
        arguments: [
            Outcome.promoted, .aborted, .rolledBack, .unknown,
        ])
    func bounded(_ outcome: Outcome) {
        let long = String(repeating: "äöü€😀 no ", count: 400)
        let failure = Failure(
            .step(phase: "preparing"), Array(repeating: long, count: 20).joined(separator: "\n"),
            logLines: (1...200).map { "\($0) \(long)" })
        let deployment = Self.finished(
            outcome, failure: failure, warnings: Array(repeating: long, count: 9))
        let summary = Summary(
            of: deployment,
            Summary.Circumstances(
                live: .blue, labels: [:], options: " --config /\(long)", log: long))
        let bytes = summary.lines.map { $0.utf8.count + 1 + "[stdout]".utf8.count + 1 }
        #expect(bytes.reduce(0, +) < 2048)
        #expect(summary.lines.allSatisfy { !$0.contains("\n") && !$0.isEmpty })
        #expect(summary.lines.contains { $0.hasPrefix("Traffic ") })
        #expect(summary.lines.last?.hasPrefix("Next: ") == true)
    }

    @Test("The newest log lines are kept, in their order, when not all fit")
    func newestLines() {
        let failure = Failure(
            .unhealthy(Replica(service: "web", index: 1)), "Not healthy.",
            logLines: (1...300).map { "line \($0)" })
        let lines = lines(of: Self.finished(.aborted, failure: failure), live: .blue)
        let log = lines.filter { $0.hasPrefix("  | ") }
        #expect(log.last == "  | line 300")
        #expect(log.count > 20)
        #expect(log == (301 - log.count...300).map { "  | line \($0)" })
    }

    private func lines(of deployment: Deployment, live: Colour?) -> [String] {
        Summary(
            of: deployment,
            Summary.Circumstances(
                live: live, labels: Self.labels, wayBack: .warmRollback, options: " --app shop",
                log: "/log/1.log")
        ).lines
    }

    static func finished(
        _ outcome: Outcome, kind: DeploymentKind = .deploy, previous: Placement? = blue,
        failure: Failure? = nil, warnings: [String] = []
    ) -> Deployment {
        Sample.finished(
            outcome, kind: kind, previous: previous, failure: failure, warnings: warnings)
    }
}
