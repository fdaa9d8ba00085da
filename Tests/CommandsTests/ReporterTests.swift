import BlueGreen
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import Commands

@Suite("Progress")
struct ReporterTests {
    private let written = Written()

    @Test("Without a terminal each event is a line with its time and nothing else")
    func plain() {
        let reporter = PlainReporter(clock: StillClock()) { [written] in written.add($0) }
        for event in Self.events { reporter.report(event) }
        #expect(
            written.text == """
                21:34:05 == starting
                21:34:05 starting web
                21:34:05   | Pulling
                21:34:05 waiting for web-1: it answered 503
                21:34:05 web is up after 1.2 s
                21:34:05 warning: the disk is
                21:34:05 warning: | ::nearly full
                21:34:05 == draining
                21:34:05 draining blue: 1 connection

                """)
        #expect(!written.text.contains("\u{1B}"))
    }

    @Test("A GitHub Actions job gets a group per phase and its warnings as annotations")
    func actions() {
        let reporter = ActionsReporter(clock: StillClock()) { [written] in written.add($0) }
        for event in Self.events { reporter.report(event) }
        reporter.report(.warning("100% of\r\nit"))
        reporter.report(.finished(SummaryTests.finished(.promoted)))
        #expect(
            written.text == """
                ::group::starting
                21:34:05 starting web
                21:34:05   | Pulling
                21:34:05 waiting for web-1: it answered 503
                21:34:05 web is up after 1.2 s
                ::warning::the disk is
                ::warning::| ::nearly full
                ::endgroup::
                ::group::draining
                21:34:05 draining blue: 1 connection
                ::warning::100%25 of
                ::warning::it
                ::endgroup::
                21:34:05 deployment 1 ended: promoted after 12 s

                """)
    }

    @Test("A terminal sees finished phases above a line that is rewritten")
    func terminal() {
        let reporter = TerminalReporter(
            clock: StillClock(), colours: .off, width: { 40 },
            write: { [written] in written.add($0) })
        for event in Self.events { reporter.report(event) }
        let clear = "\r\u{1B}[2K"
        #expect(written.text.contains(clear + "done starting          0 ms\n"))
        #expect(written.text.hasSuffix(clear + "  .. draining          0 ms  draining b"))
        #expect(!written.text.contains("\u{1B}[3"))
    }

    @Test("A drain that does not change is one line")
    func drain() {
        let reporter = PlainReporter(clock: StillClock()) { [written] in written.add($0) }
        for count in [3, 3, 2] {
            reporter.report(
                .draining(.blue, RemainingTraffic(connections: count, oldWorkers: 2)))
        }
        #expect(
            written.text
                == "21:34:05 draining blue: 3 connections and 2 nginx workers of before\n")
    }

    @Test(
        "What an application writes cannot become a command",
        arguments: [
            ("::set-output::x", "  | ::set-output::x"), ("  ::error::x", "  |   ::error::x"),
            ("a ##[add-path]/b", "  | a # #[add-path]/b"), ("\u{1B}[2Jx\r", "  | x"),
            ("a\u{0}b", "  | ab"),
        ])
    func foreign(_ text: String, _ expected: String) {
        #expect(SafeLine.foreign(text) == expected)
    }

    @Test(
        "The style follows what reads standard error",
        arguments: [
            (["TERM": "xterm"], true, OutputStyle.terminal(.on)),
            (["TERM": "xterm", "NO_COLOR": "1"], true, .terminal(.off)),
            (["TERM": "xterm", "NO_COLOR": ""], true, .terminal(.on)),
            (["TERM": "dumb"], true, .plain), ([:], true, .plain),
            (["TERM": "xterm"], false, .plain),
            (["TERM": "xterm", "GITHUB_ACTIONS": "true"], true, .actions),
            (["GITHUB_ACTIONS": "false"], false, .plain),
        ])
    func style(_ environment: [String: String], _ isTerminal: Bool, _ expected: OutputStyle) {
        #expect(OutputStyle(environment: environment, isTerminal: isTerminal) == expected)
    }

    private static let events: [ProgressEvent] = [
        .entered(phase: .starting(1)), .starting(Replica(service: "web", index: 1)),
        .output("\u{1B}[1mPulling"),
        .waiting(for: Replica(service: "web", index: 1), .status(503)),
        .up(Replica(service: "web", index: 1), after: .milliseconds(1200)),
        .warning("the disk is\n::nearly full"),
        .entered(phase: .draining(until: Sample.moment)),
        .draining(.blue, RemainingTraffic(connections: 1, oldWorkers: 0)),
    ]
}

final class Written: Sendable {
    private let all = Mutex("")

    var text: String { all.withLock { $0 } }

    func add(_ text: String) {
        all.withLock { $0 += text }
    }
}

/// Always the same moment.
struct StillClock: WallClock {
    var now: Timestamp { Sample.moment }

    func sleep(until moment: Timestamp) async throws {}
}
