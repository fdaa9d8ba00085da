import BlueGreen
import Orchestration

/// The readers of a run's events: standard error in its style, and the run's log.
struct Progress: Sendable {
    let reporter: any Reporter
    let log: RunLog
    private let view: ProgressView

    init(_ console: Console, log: RunLog, clock: any WallClock) {
        self.log = log
        view = ProgressView(console, clock: clock)
        reporter = ReporterGroup([view, log])
    }

    /// Keeps the live view alive while the body runs.
    ///
    /// - Parameter past: the app's deployments, newest first.
    func shown<Result: Sendable>(
        after past: [Deployment] = [], while body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        try await view.shown(after: past, while: body)
    }
}

/// Standard error in its style.
struct ProgressView: Reporter {
    private enum Style {
        case terminal(TerminalReporter)
        case lines(LineReporter)
    }

    private let style: Style

    init(_ console: Console, clock: any WallClock) {
        style =
            switch console.style {
            case .terminal(let colours):
                .terminal(
                    TerminalReporter(
                        clock: clock, colours: colours, characters: console.characters,
                        resizing: console.resizing, size: console.size, write: console.progress))
            case .lines(let format):
                .lines(LineReporter(format, clock: clock, write: console.progress))
            }
    }

    func report(_ event: ProgressEvent) {
        switch style {
        case .terminal(let reporter): reporter.report(event)
        case .lines(let reporter): reporter.report(event)
        }
    }

    func shown<Result: Sendable>(
        after past: [Deployment], while body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        let usual = UsualTimes(past)
        switch style {
        case .lines(let reporter):
            reporter.learn(usual)
            return try await body()
        case .terminal(let reporter):
            reporter.learn(usual)
            defer { reporter.end() }
            // Cancelled, and awaited, when the body has ended.
            async let _: Void = reporter.animate()
            return try await body()
        }
    }

    /// Leaves the drawn rows on the screen; the next writer goes on below them.
    func leave() {
        switch style {
        case .terminal(let reporter): reporter.end()
        case .lines: break
        }
    }
}

/// Several readers of the same events.
struct ReporterGroup: Reporter {
    private let reporters: [any Reporter]

    init(_ reporters: [any Reporter]) {
        self.reporters = reporters
    }

    func report(_ event: ProgressEvent) {
        for reporter in reporters { reporter.report(event) }
    }
}
