import ArgumentParser
import BlueGreen
import Orchestration

struct Maintenance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "Show visitors a page instead of the app, until you end it.",
        discussion: """
            Visitors get 503, Retry-After and a page, whatever they ask for. The page is \
            `maintenance: {page: FILE}` of teal.yml, or Teal's own. Open websockets stay. The app \
            still answers its health paths. Nothing is stopped. Deploys and rollbacks go on \
            behind the page, which survives them and a reboot. It works before the first deploy, \
            too.

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
        try await WritingSession.run(common) { session in
            try session.app.state.prepare(for: session.app.name)
            return try await session.holdingLock(
                "maintenance", waitingAtMost: lock.waitLock.duration
            ) {
                try await session.wired { wiring, _ in
                    try await session.leased(
                        wiring, "maintenance", waitingAtMost: lock.waitLock.duration
                    ) { try await set(session, wiring) }
                }
            }
        }
    }

    private func set(_ session: WritingSession, _ wiring: Wiring) async throws -> ExitStatus {
        let (app, console) = (session.app, session.console)
        // The page of the last deploy is in place, also where its file is gone.
        if wanted == .on, app.fault == nil { try app.file.checkMaintenancePage() }
        let change = try await AppDeployer.maintain(
            wanted.maintenance, by: wiring.router, mending: { try wiring.portsToMend() })
        if change.isChanged { await note(wiring, console) }
        let summary = MaintenanceSummary(
            app: app, traffic: change.traffic, isChanged: change.isChanged,
            unfinished: await unfinished(wiring, console))
        do {
            for notice in try await notices(wiring.nginx) { console.note("Note: \(notice)") }
        } catch let error where !(error is CancellationError) {
            // The page is on; this may keep visitors from seeing it.
            console.note("Note: \(error)")
        }
        try console.result(
            summary.text, MaintenanceDocument(app: app, wanted, traffic: change.traffic))
        return .done
    }

    private func note(_ wiring: Wiring, _ console: Console) async {
        do {
            try await wiring.note(wanted.maintenance)
        } catch {
            // It is on or off, whatever the history says.
            console.note("Note: the history does not know of it: \(error)")
        }
    }

    /// The page is there by now, whatever the history says.
    private func unfinished(_ wiring: Wiring, _ console: Console) async -> Deployment? {
        do {
            return try await wiring.history(console.note).unfinished()
        } catch {
            console.note("Note: \(error)")
            return nil
        }
    }

    /// A site that does not include Teal's files shows no page of it.
    private func notices(_ nginx: any RouterInspection) async throws -> [String] {
        switch wanted {
        case .on: try await nginx.notices()
        case .off: []
        }
    }
}
