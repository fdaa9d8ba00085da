import ArgumentParser
import BlueGreen
import Glibc
import HostSystem
import Orchestration
import UnixSignals

struct Probe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Probe the colour that serves once, and act if teal.yml says so.",
        discussion: """
            One round, for cron and timers. Each replica of the active colour, the shared services \
            and the singletons is probed by its own health check, and each exposed service by way \
            of nginx. Streaks, budgets and pauses are kept from round to round. \
            `watch: {on_failure: ...}` of teal.yml says what is done about a failure; by default \
            people are told. `teal watch` does the same as a service.

            Exit codes: 0 healthy, 5 unhealthy or not known, 75 another round is under way.

            Examples:
              teal probe
              teal probe --app shop --json
              teal probe --all --quiet-when-busy --textfile /var/lib/node_exporter/teal.prom
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Probe every app that was deployed on this host.")
    var all = false

    @Flag(help: "Say nothing and exit with 0 where another round is under way.")
    var quietWhenBusy = false

    @Option(
        help: ArgumentHelp(
            "Write the round's figures there, for the textfile collector of node_exporter.",
            valueName: "file"))
    var textfile: String?

    /// Between two rounds of a timer may lie so much; a longer pause is none of its rhythm.
    private static let gap = Duration.seconds(3600)

    func validate() throws {
        if all, common.config != nil || common.app != nil {
            throw ValidationError("Give --all, or --config or --app, not both.")
        }
    }

    func run() async throws {
        let invocation = Invocation.current
        let console = Console(invocation, json: common.json)
        signal(SIGPIPE, SIG_IGN)
        let interruption = Interruption()
        try await VerbRun.ending(console) {
            let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
            // An act comes to its end. Cancelled, and awaited, when the body has ended.
            async let _: Void = interruption.receive(signals)
            let metrics = HostMetrics()
            let reports = try await self.reports(invocation, console, interruption, metrics)
            let shown = reports.filter { !(quietWhenBusy && $0.status == .locked) }
            // The other round writes them.
            let isBusy = reports.contains { $0.status == .locked }
            if let textfile, !isBusy { try write(metrics, to: textfile, invocation) }
            if all, reports.isEmpty {
                console.note("No app was ever deployed from \(invocation.state.root).")
            }
            let status = status(of: shown)
            try console.result(
                shown.map(\.text).joined(), ProbeDocument(shown, status: status))
            return status
        }
    }

    private func reports(
        _ invocation: Invocation, _ console: Console, _ interruption: Interruption,
        _ metrics: HostMetrics
    ) async throws -> [ProbeReport] {
        guard all else {
            let app = try common.locate(invocation, for: .knownReleases)
            try app.refuseSwarm("probe")
            app.warning.map(console.note)
            return [try await report(of: app, console, interruption, metrics)]
        }
        var reports: [ProbeReport] = []
        // One after the other: a small host is not to feel its own probes.
        for (name, found) in try ProbedApp.all(invocation) where interruption.signal == nil {
            switch found {
            case .success(let app):
                reports.append(try await report(of: app, console, interruption, metrics))
            case .failure(let error):
                reports.append(.failed(app: name, reason: "\(error)"))
                metrics.take(.failed(app: name, reason: "\(error)"), nil)
            }
        }
        return reports
    }

    private func report(
        of app: AppContext, _ console: Console, _ interruption: Interruption,
        _ metrics: HostMetrics
    ) async throws -> ProbeReport {
        try await Wiring.looking(at: app) { wiring in
            let report = try await ProbedApp(app: app).round(
                wiring, by: "probe", .notify, gap: Self.gap, interruption
            ) { console.note($0) }
            if textfile != nil {
                try await MetricsFeed(app: app, wiring: wiring, metrics: metrics).take(report)
            }
            return report
        }
    }

    /// The status that a caller has to know first.
    private func status(of reports: [ProbeReport]) -> ExitStatus {
        for status in [ExitStatus.unhealthy, .unexpectedError, .locked]
        where reports.contains(where: { $0.status == status }) {
            return status
        }
        return .done
    }

    private func write(
        _ metrics: HostMetrics, to path: String, _ invocation: Invocation
    ) throws {
        try AtomicFile.write(
            metrics.text(of: nil),
            to: ConfigurationFile.absolute(path, from: invocation.directory), access: .everyoneReads
        )
    }
}
