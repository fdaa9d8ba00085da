import BlueGreen
import Orchestration

/// The result of `restart` with `--json`.
struct RestartDocument: Encodable {
    let formatVersion = 1
    let app: String
    let exitStatus: Int32
    let service: String
    /// The colour that has traffic.
    let traffic: String
    let release: String
    /// Those that are up again, `web-1`, in order.
    let restarted: [String]
    /// The one that did not come back; left out where all did.
    let failed: Failed?
    /// Those that were left as they were.
    let left: [String]

    struct Failed: Encodable {
        let replica: String
        let reason: String
        /// The last lines that it wrote.
        let log: [String]
    }

    init(_ app: String, _ status: ExitStatus, _ outcome: ServiceRestart.Outcome) {
        self.app = app
        exitStatus = status.rawValue
        service = outcome.service.name
        traffic = outcome.active.colour.rawValue
        release = outcome.active.release.text
        restarted = outcome.restarted.map(\.description)
        failed = outcome.failure.map {
            Failed(
                replica: $0.replica.description, reason: $0.failure.message,
                log: $0.failure.logLines)
        }
        left = outcome.left.map(\.description)
    }
}
