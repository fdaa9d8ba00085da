import Orchestration

/// The readers of a run's events: standard error in its style, and the run's log.
struct Progress: Sendable {
    let reporter: any Reporter
    let log: RunLog
    private let terminal: TerminalReporter?

    init(_ console: Console, log: RunLog, clock: any WallClock) {
        self.log = log
        switch console.style {
        case .terminal(let colours):
            let view = TerminalReporter(
                clock: clock, colours: colours, width: console.width, write: console.progress)
            terminal = view
            reporter = ReporterGroup([view, log])
        case .lines(let format):
            terminal = nil
            reporter = ReporterGroup([
                LineReporter(format, clock: clock, write: console.progress), log,
            ])
        }
    }

    /// Keeps the live view alive while the body runs.
    func shown<Result: Sendable>(
        while body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        guard let terminal else { return try await body() }
        // Cancelled, and awaited, when the body has ended.
        async let _: Void = terminal.animate()
        return try await body()
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
