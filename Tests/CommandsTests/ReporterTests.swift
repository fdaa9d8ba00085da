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
        let reporter = LineReporter(.plain, clock: ManualClock()) { [written] in written.add($0) }
        for event in Self.events { reporter.report(event) }
        #expect(
            written.text == """
                21:34:05 == starting
                21:34:05 starting web-1
                21:34:05   | Pulling
                21:34:05 waiting for web-1: it answered 503
                21:34:05 web-1 is up after 1.2 s of waiting for its health
                21:34:05 warning: the disk is
                21:34:05 warning: | ::nearly full
                21:34:05 == draining (starting took 0 ms)
                21:34:05 draining blue: 1 connection

                """)
        #expect(!written.text.contains("\u{1B}"))
    }

    @Test("A GitHub Actions job gets a group per phase and its warnings as annotations")
    func actions() {
        let reporter = LineReporter(.actions, clock: ManualClock()) { [written] in written.add($0) }
        for event in Self.events { reporter.report(event) }
        reporter.report(.warning("100% of\r\nit"))
        reporter.report(.finished(SummaryTests.finished(.promoted)))
        #expect(
            written.text == """
                ::group::starting
                21:34:05 starting web-1
                21:34:05   | Pulling
                21:34:05 waiting for web-1: it answered 503
                21:34:05 web-1 is up after 1.2 s of waiting for its health
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

    @Test("A log says each part of the way once, with its time and what is usual")
    func once() {
        let clock = ManualClock()
        let reporter = LineReporter(.plain, clock: clock) { [written] in written.add($0) }
        reporter.learn(UsualTimes((1...3).map { LadderSample.promoted(.seconds($0)) }))
        reporter.report(.began(WatchedSample.waiting))
        for phase in [
            "preparing", "starting", "probing", "starting", "probing", "arming", "probing edge",
            "probing", "switching", "confirming",
        ] {
            reporter.report(.entered(phase: phase))
            clock.pass(.milliseconds(1500))
        }
        reporter.report(.finished(SummaryTests.finished(.promoted)))
        #expect(
            written.text.split(separator: "\n").dropFirst().map { $0.dropFirst(9) } == [
                "== preparing", "== starting (preparing took 1.5 s, usually 8 s)", "== probing",
                "== arming (starting took 6 s, usually 6 s)", "== probing edge",
                "== probing (arming took 3 s, usually 4 s)",
                "== switching (probing took 1.5 s, usually 3 s)", "== confirming",
                "switching took 3 s, usually 4 s", "deployment 1 ended: promoted after 12 s",
            ])
    }

    @Test("In a GitHub Actions job a sentence and its table are one annotation")
    func annotations() {
        #expect(
            ActionsCommand.errors(["It does not fit.", "  service  MB", "  web      9", "Next."])
                == "::error::It does not fit.%0A  service  MB%0A  web      9\n::error::Next.\n")
        #expect(ActionsCommand.errors([""]).isEmpty)
        #expect(ActionsCommand.errors([" alone"]) == "::error:: alone\n")
    }

    @Test("A drain that does not change is one line")
    func drain() {
        let reporter = LineReporter(.plain, clock: ManualClock()) { [written] in written.add($0) }
        for count in [3, 3, 2] {
            reporter.report(
                .draining(.blue, RemainingTraffic(connections: count, oldWorkers: 2)))
        }
        #expect(
            written.text
                == "21:34:05 draining blue: 3 connections and 2 nginx workers of before\n")
    }

    @Test("A host that does not settle is a line when that begins, and when its kinds change")
    func settling() {
        let clock = ManualClock()
        let reporter = LineReporter(.plain, clock: clock) { [written] in written.add($0) }
        let cpu = Strain.processorPressure(Share(percent: 90), most: Share(percent: 60))
        func memory(_ free: Int64) -> Strain {
            .memory(free: .mebibytes(free), wanted: .mebibytes(96))
        }
        for (second, strains) in [
            (0, [memory(71)]), (1, [memory(70)]), (4, [memory(69), cpu]), (6, [memory(68), cpu]),
            (30, [memory(60), cpu]),
        ] {
            clock.move(to: Sample.moment + .seconds(second))
            reporter.report(.settling(strains))
        }
        reporter.report(.starting(Replica(service: "web", index: 1)))
        reporter.report(.settling([cpu]))
        #expect(
            written.text == """
                21:34:05 waiting for the host: memory 71M of 96M free
                21:34:11 waiting for the host: memory 68M of 96M free; CPU pressure 90%, at most 60%
                21:34:35 starting web-1
                21:34:35 waiting for the host: CPU pressure 90%, at most 60%

                """)
    }

    @Test("A terminal says on its ladder what is waited for between two starts")
    func settlingLive() {
        var sample = LadderSample([Sample.web])
        sample.goOn { if case .start = $0 { true } else { false } }
        sample.take(.resting(until: sample.now + .seconds(3)))
        #expect(sample.text(100).contains("  a rest before the next start (start.pause)\n"))
        sample.take(.settling([.memory(free: .mebibytes(71), wanted: .mebibytes(96))]))
        #expect(sample.text(100).contains("  waiting for the host: memory 71M of 96M free\n"))
        sample.take(.rested(.seconds(4), Waits()))
        #expect(!sample.text(100).contains("waiting for the host"))
    }

    @Test("The room and what is left alone are lines of their own")
    func room() {
        let report = RoomReport(
            needs: [RoomNeed(Sample.api, seen: nil)], memoryAvailable: .mebibytes(512))
        for event in [
            ProgressEvent.room(report), .leftAlone(Replica(service: "db", index: 1)),
        ] {
            LineReporter(.plain, clock: ManualClock()) { [written] in written.add($0) }.report(
                event)
        }
        #expect(
            written.text == """
                21:34:05 room: the set needs 128 MB of 512 MB
                21:34:05 db-1 runs already and is left alone

                """)
    }

    @Test("A27: A log says what a wait was for once it is over, and the sum of all at the end")
    func waits() {
        var deployment = Sample.deployment(services: [Sample.web])
        while let step = deployment.next(at: Sample.moment).step {
            var result = StepResult.done
            if case .start = step {
                result = .waited(Waits([.health: .seconds(31), .memory: .milliseconds(2300)]))
            }
            deployment.record(result, at: Sample.moment)
        }
        let reporter = LineReporter(.plain, clock: ManualClock()) { [written] in written.add($0) }
        let web = Replica(service: "web", index: 1)
        reporter.report(.up(web, after: .milliseconds(900), .health))
        reporter.report(.up(web, after: .seconds(2), .oneShot))
        reporter.report(
            .rested(.seconds(7), Waits([.processorPressure: .seconds(4), .pause: .seconds(3)])))
        reporter.report(.finished(deployment))
        #expect(
            written.text == """
                21:34:05 web-1 is up after 900 ms
                21:34:05 web-1 is up after 2 s of waiting for its end
                21:34:05 waited 7 s before the next start: CPU pressure 4 s, start.pause 3 s
                21:34:05 starts waited for: health 31 s, memory 2.3 s
                21:34:05 deployment 1 ended: promoted after 0 ms

                """)
    }

    @Test("Each part of the way has a word, also where room is made and what runs once moves")
    func words() {
        func shown(_ deployment: Deployment) -> [String] {
            deployment.phases.filter { $0.name != deployment.outcome?.rawValue }
                .flatMap { ProgressLine.lines(for: .entered(phase: $0.name)) }
                .map { String($0.marked.dropFirst(3)) }
        }
        #expect(
            shown(RoomSummaryTests.withdrawnDeployment) == [
                "preparing", "making room", "starting", "probing", "arming", "probing edge",
                "switching", "confirming", "withdrawing", "handing back", "cleaning up",
                "restoring",
                "switching back", "confirming back", "cleaning up", "handing back",
            ])
        #expect(
            shown(RoomSummaryTests.promotedDeployment) == [
                "preparing", "starting", "probing", "arming", "probing edge", "switching",
                "confirming", "draining", "proving", "handing over", "retiring",
            ])
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
            (["TERM": "dumb"], true, .lines(.plain)), ([:], true, .lines(.plain)),
            (["TERM": "xterm"], false, .lines(.plain)),
            (["TERM": "xterm", "GITHUB_ACTIONS": "true"], true, .lines(.actions)),
            (["GITHUB_ACTIONS": "false"], false, .lines(.plain)),
        ])
    func style(_ environment: [String: String], _ isTerminal: Bool, _ expected: OutputStyle) {
        #expect(OutputStyle(environment: environment, isTerminal: isTerminal) == expected)
    }

    private static let events: [ProgressEvent] = [
        .entered(phase: "starting"), .starting(Replica(service: "web", index: 1)),
        .output("\u{1B}[1mPulling"),
        .waiting(for: Replica(service: "web", index: 1), .status(503)),
        .up(Replica(service: "web", index: 1), after: .milliseconds(1200), .health),
        .warning("the disk is\n::nearly full"),
        .entered(phase: "draining"),
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
