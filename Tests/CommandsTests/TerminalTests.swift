import BlueGreen
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import Commands

@Suite("The terminal's view")
struct TerminalTests {
    /// A terminal that a reporter writes to.
    private final class Window: Sendable {
        private struct State {
            var screen: TerminalScreen
            var size: LadderText.Size
            var written = ""
        }

        private let state: Mutex<State>

        init(columns: Int, rows: Int) {
            state = Mutex(
                State(
                    screen: TerminalScreen(columns: columns, height: rows),
                    size: LadderText.Size(columns: columns, rows: rows)))
        }

        var size: LadderText.Size { state.withLock { $0.size } }
        /// Without the history.
        var shown: [String] { state.withLock { $0.screen.lines } }

        /// A multiplexer wraps its lines first, and tells of its size later.
        func narrow(to columns: Int) { state.withLock { $0.screen.narrow(to: columns) } }

        func tell(columns: Int) { state.withLock { $0.size.columns = columns } }
        var lines: [String] { state.withLock { $0.screen.scrolled + $0.screen.lines } }
        var isAtRest: Bool { state.withLock { $0.screen.isAtRest } }
        var written: String { state.withLock { $0.written } }

        func write(_ text: String) {
            state.withLock { state in
                state.screen.write(text)
                state.written += text
            }
        }
    }

    private let clock = ManualClock()

    private func reporter(
        _ window: Window, _ colours: OutputStyle.Colours = .off,
        _ resizing: TerminalFrame.Resizing = .atOnce
    ) -> TerminalReporter {
        TerminalReporter(
            clock: clock, colours: colours, characters: .unicode, resizing: resizing,
            size: { window.size },
            write: { window.write($0) })
    }

    /// A deployment carried on to its end, each step told as a run does.
    private func tell(_ reporter: TerminalReporter, _ window: Window, noise: Int = 0) {
        var deployment = Sample.deployment(
            previous: WatchedSample.blue, settings: DeploymentSettings(bake: Bake()))
        reporter.report(.began(deployment))
        var count = 0
        while let step = deployment.next(at: clock.now).step {
            if case .start(let container, _) = step {
                reporter.report(.starting(container.replica))
            }
            clock.pass(.seconds(1))
            for _ in 0..<noise {
                count += 1
                reporter.report(.note("note \(count)"))
            }
            if case .observe(let stage, let until) = step {
                if stage != .before { clock.move(to: max(clock.now, until)) }
                deployment.record(
                    .observed(
                        Observation(
                            candidate: WatchedSample.figures(240),
                            previous: WatchedSample.figures(240))), at: clock.now)
            } else {
                deployment.record(.done, at: clock.now)
            }
            if deployment.outcome == nil { reporter.report(.advanced(deployment)) }
            #expect(window.isAtRest)
        }
        reporter.report(.finished(deployment))
        reporter.end()
    }

    @Test("The ladder is drawn once on the screen, however often it changes")
    func once() {
        let window = Window(columns: 80, rows: 24)
        tell(reporter(window), window)
        let lines = window.lines
        #expect(lines.count { $0.contains("starting") } == 1)
        #expect(lines.count { $0.contains("baking") } == 1)
        #expect(lines.first?.hasPrefix("deployment 1: deploying release") == true)
        #expect(lines.contains { $0.hasPrefix("✓ promoted") })
        #expect(!window.written.contains("done starting"))
    }

    @Test("What is said meanwhile stands above the ladder, in order and once, also when it scrolls")
    func above() {
        let window = Window(columns: 80, rows: 16)
        tell(reporter(window), window, noise: 3)
        let notes = window.lines.filter { $0.hasPrefix("note ") }
        #expect(notes == notes.indices.map { "note \($0 + 1)" })
        #expect(notes.count > 30)
        #expect(window.lines.count { $0.contains("baking") } == 1)
    }

    @Test("A window that becomes narrower while it draws shows the ladder and its lines once")
    func resized() {
        for (resizing, isLate) in [(TerminalFrame.Resizing.atOnce, false), (.late, true)] {
            let window = Window(columns: 100, rows: 30)
            let reporter = reporter(window, .off, resizing)
            reporter.report(.began(Sample.deployment()))
            reporter.report(.note("a note"))
            for columns in [70, 50, 40] {
                window.narrow(to: columns)
                clock.pass(.seconds(1))
                // Drawn for a width that is no more.
                if isLate { reporter.report(.entered(phase: "preparing")) }
                window.tell(columns: columns)
                reporter.report(.entered(phase: "preparing"))
                #expect(window.isAtRest)
            }
            let shown = window.shown
            #expect(shown.count { $0.hasPrefix("deployment 1:") } == 1, "\(shown)")
            #expect(shown.count { $0 == "a note" } == 1, "\(shown)")
            for rung in ["preparing", "starting", "switching", "total"] {
                #expect(shown.count { $0.dropFirst(2).hasPrefix(rung) } == 1, "\(shown)")
            }
            #expect(shown.last == "")
        }
    }

    @Test("tmux and screen are known by their variables, and by the terminal that ssh tells")
    func multiplexers() {
        for environment in [["TMUX": "/tmp/x,1,0"], ["STY": "1.x"], ["TERM": "screen-256color"]] {
            #expect(TerminalFrame.Resizing(environment: environment) == .late)
        }
        for environment in [[:], ["TMUX": "", "TERM": "xterm-256color"]] {
            #expect(TerminalFrame.Resizing(environment: environment) == .atOnce)
        }
    }

    @Test("A line that did not change is not written again, and nothing is where nothing changed")
    func still() {
        let window = Window(columns: 80, rows: 24)
        let reporter = reporter(window)
        reporter.report(.began(Sample.deployment()))
        let before = window.written
        reporter.report(.entered(phase: "preparing"))
        #expect(window.written == before)
        clock.pass(.seconds(1))
        reporter.report(.entered(phase: "preparing"))
        let added = window.written.dropFirst(before.count)
        #expect(added.contains("preparing"))
        #expect(!added.contains("switching"))
        #expect(added.hasPrefix("\u{1B}[?2026h"))
        #expect(added.hasSuffix("\u{1B}[?2026l"))
    }

    @Test("Without colours nothing of the text is painted; with them nothing else changes")
    func colours() {
        let (plain, painted) = (Window(columns: 80, rows: 24), Window(columns: 80, rows: 24))
        reporter(plain).report(.began(Sample.deployment()))
        reporter(painted, .on).report(.began(Sample.deployment()))
        #expect(plain.written.matches(of: /\u{1B}\[[0-9;]*m/).isEmpty)
        #expect(painted.written.contains("\u{1B}[1m"))
        #expect(plain.lines == painted.lines)
    }

    @Test("The lines of a pull are a detail of the ladder; those of a hook stand above it")
    func outputs() {
        let window = Window(columns: 110, rows: 24)
        let reporter = reporter(window)
        var deployment = Sample.deployment()
        while case .perform(let step) = deployment.next(at: clock.now), step != .prepare {
            deployment.record(.done, at: clock.now)
        }
        reporter.report(.began(deployment))
        reporter.report(.output("web Pulling"))
        #expect(
            window.lines.contains { $0.hasPrefix("▸ preparing") && $0.hasSuffix("web Pulling") })
        deployment.record(.done, at: clock.now)
        reporter.report(.advanced(deployment))
        #expect(!window.lines.contains { $0.contains("Pulling") })
        reporter.report(.output("\u{1B}[2Jmigrating"))
        reporter.report(.warning("the disk is\nnearly full"))
        #expect(
            Array(window.lines.dropFirst().prefix(3)) == [
                "  | migrating", "warning: the disk is", "warning: nearly full",
            ])
        #expect(window.lines.count { $0.hasPrefix("▸ starting") } == 1)
    }

    @Test("Without a deployment events are lines")
    func noDeployment() {
        let window = Window(columns: 80, rows: 24)
        let reporter = reporter(window)
        reporter.report(.note("The folder is gone."))
        reporter.report(.waiting(for: Replica(service: "web", index: 1), .status(503)))
        reporter.end()
        #expect(
            window.lines == ["The folder is gone.", "waiting for web-1: it answered 503", ""])
    }

    @Test("A person's turn leaves the ladder, and the next run draws its own below")
    func waiting() {
        let window = Window(columns: 110, rows: 40)
        let reporter = reporter(window)
        reporter.report(.began(WatchedSample.waiting))
        reporter.report(.awaitingPromotion(WatchedSample.waiting))
        clock.pass(.seconds(60))
        reporter.report(.note("below"))
        #expect(window.lines.count { $0.hasPrefix("▸ waiting") } == 1)
        #expect(window.lines.suffix(3).first?.hasPrefix("green is healthy, has no") == true)
        #expect(window.lines.suffix(2).first == "below")
        reporter.report(.advanced(WatchedSample.waiting))
        #expect(window.lines.count { $0.hasPrefix("▸ waiting") } == 2)
    }
}
