import ArgumentParser
import BlueGreen
import HostSystem
import Orchestration

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List past deployments and what the watch did, newest first.",
        discussion: """
            Below the deployments stand changes of health and acts of `teal watch` and \
            `teal probe`, with --verbose also the probes that decided.

            Examples:
              teal history
              teal history --limit 3 --verbose    with the time that each phase took
              teal history --app shop --json
            """)

    @OptionGroup var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "How many deployments, and how many events of the watch, to list.", valueName: "number")
    )
    var limit = 20

    @Flag(help: "Show phase times, failures and warnings as well.")
    var verbose = false

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    }

    func run() async throws {
        try await VerbRun.reading(common) { app, console in
            let deployments = try await Wiring.readingHistory(of: app, note: console.note) {
                try await $0.deployments(limit: limit)
            }
            let table = HistoryTable(deployments, details: verbose ? .shown : .hidden)
            if deployments.isEmpty { try await proveNothing(app) }
            let events = try await Wiring.watchRecord(app).events(limit: limit)
            let watched = WatchEventList(events, details: verbose ? .shown : .hidden)
            try console.result(
                deployments.isEmpty
                    ? "Nothing was deployed yet. Next: \(app.command("deploy")).\n"
                    : table.text + watched.text,
                HistoryDocument(app: app.name, deployments, events))
            return .done
        }
    }

    /// No record is no proof that nothing was deployed.
    private func proveNothing(_ app: AppContext) async throws {
        try await Wiring.looking(at: app) { wiring in
            let containers = try await wiring.ports(.reading).engine.containers()
            if containers.contains(where: { $0.placement != nil }) {
                throw OrchestrationError.noHistory
            }
        }
    }
}
