import ArgumentParser
import BlueGreen
import Orchestration

struct Maintenance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show visitors a page instead of the app, until you end it.",
        discussion: """
            Visitors get 503, Retry-After and the page of `maintenance: {page: FILE}` in teal.yml, \
            or Teal's own, whatever they ask for; websockets that are open stay. The health paths \
            of teal.yml are answered by the app as before. Nothing is started or stopped: deploys \
            and rollbacks go on behind the page, and it survives them, a reboot too. Before the \
            first deploy it works as well.

            A deployment that waits or was cut off is left as it is.

            Examples:
              teal maintenance on
              teal maintenance off --app shop
              teal maintenance on --wait-lock 10m --json
            """)

    enum Wanted: String, CaseIterable, ExpressibleByArgument {
        case on
        case off

        var maintenance: Orchestration.Maintenance {
            switch self {
            case .on: .on
            case .off: .off
            }
        }
    }

    @Argument(help: "on or off.")
    var wanted: Wanted

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func run() async throws {
        try await WritingSession.locked("maintenance", common, lock) { run in try await set(run) }
    }

    private func set(_ run: WritingRun) async throws -> ExitStatus {
        if wanted == .on { try run.app.file.checkMaintenancePage() }
        let change = try await run.acting { try await $0.maintain(wanted.maintenance) }
        let words = MaintenanceSummary(
            MaintenanceSummary.Circumstances(
                app: run.app, traffic: change.traffic, isChanged: change.isChanged,
                unfinished: change.unfinished))
        for notice in try await notices(run.wiring.nginx) { run.console.note("Note: \(notice)") }
        try run.console.result(
            words.text, MaintenanceDocument(app: run.app, wanted, traffic: change.traffic))
        return .done
    }

    /// A site that does not include Teal's files shows no page of it.
    private func notices(_ nginx: any RouterInspection) async throws -> [String] {
        switch wanted {
        case .on: try await nginx.notices()
        case .off: []
        }
    }
}
