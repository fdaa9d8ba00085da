import BlueGreen
import Orchestration

/// The words of `status` about an app's watch: states with their beginning, what is left of
/// the budgets, and what comes next.
struct WatchStatus: Sendable {
    let record: WatchRecord
    let settings: WatchSettings
    private let app: AppContext
    private let now: Timestamp

    /// A watch that was silent for so long, and for ten rounds, does not look any more.
    private static let silence = Duration.seconds(3600)

    init(_ record: WatchRecord, _ app: AppContext, at now: Timestamp) {
        self.record = record
        settings = app.configuration.watch
        self.app = app
        self.now = now
    }

    /// - Returns: nil before the first round, and where the record cannot be read, which is told.
    static func read(
        _ app: AppContext, at now: Timestamp, note: (String) -> Void
    ) async -> WatchStatus? {
        do {
            return try await Wiring.watchRecord(app).record().map {
                WatchStatus($0, app, at: now)
            }
        } catch {
            note("Note: what the watch knows could not be read: \(error)")
            return nil
        }
    }

    /// Whether somebody has to act.
    var isAlarming: Bool { !record.openCircuits.isEmpty || !record.brokenEdges.isEmpty }

    /// When the replica came into the state that a look finds it in; nil where the watch has not
    /// seen that yet.
    func since(_ line: Condition.Line) -> Timestamp? {
        let container = line.container
        let watched = WatchedReplica(
            container.role == .shared ? nil : container.placement, container.replica)
        guard let known = record.replicas[watched] else { return nil }
        let agrees =
            switch (known.verdict, line.health) {
            case (.healthy, .healthy), (.healthy, .unchecked), (.finished, .done),
                (.unhealthy, .unhealthy), (.stopped, .unhealthy):
                true
            default: false
            }
        return agrees ? known.since : nil
    }

    var lines: [String] {
        if isSilent {
            return [
                "Watch: silent since \(record.lastRound.rfc3339); "
                    + "`systemctl status teal-watch` or the timer's log tells why."
            ]
        }
        return ["Watch: last round at \(record.lastRound.rfc3339)\(budget)."] + circuits + edges
            + held
    }

    private var isSilent: Bool {
        now - record.lastRound > max(Self.silence, settings.every * 10)
    }

    /// Only of services that have lost some of it.
    private var budget: String {
        let spent = budgets.filter { $0.left < settings.restarts.atMost }.map { entry in
            let pause =
                entry.pause > .zero && entry.left > 0
                ? ", the next not before \(entry.pause.text) from then" : ""
            return "\(entry.service.name) has \(entry.left) of \(settings.restarts.atMost) "
                + "restarts left within \(settings.restarts.within.text)\(pause)"
        }
        return spent.isEmpty ? "" : "; " + spent.joined(separator: "; ")
    }

    /// By service, of those that the watch has ever restarted.
    var budgets: [(service: WatchedService, left: Int, pause: Duration)] {
        record.services.keys.sorted().map { service in
            (
                service, record.restartsLeft(of: service, settings),
                record.pauseLeft(of: service, settings)
            )
        }
    }

    private var circuits: [String] {
        record.openCircuits.map { service, since in
            "Watch: \(service.name) is not restarted any more, since \(since.rfc3339): "
                + "restarts did not help. \(app.command("restart", service.name)) gives it a new one."
        }
    }

    private var edges: [String] {
        record.brokenEdges.sorted { $0.key < $1.key }.map {
            "Watch: nginx does not reach \($0.key): \($0.value)"
        }
    }

    private var held: [String] {
        if let illness = record.illness {
            return ["Watch: the host is ill, and nothing is done: \(illness)."]
        }
        return record.hold.map { ["Watch: nothing was done in the last round: \($0)."] } ?? []
    }
}

/// The watch in `status --json`; a key without a value is left out.
struct WatchDocument: Encodable {
    struct ReplicaState: Encodable {
        let name: String
        let state: String
        /// RFC 3339.
        let since: String
    }

    struct Budget: Encodable {
        let service: String
        let restartsLeft: Int
        let restartsAtMost: Int
        /// Until a further restart may come, counted from the last round.
        let pauseMilliseconds: Int64
    }

    struct Circuit: Encodable {
        let service: String
        let since: String
    }

    struct Edge: Encodable {
        let service: String
        let reason: String
    }

    /// RFC 3339.
    let lastRound: String
    let replicas: [ReplicaState]
    let budgets: [Budget]
    let openCircuits: [Circuit]
    let brokenEdges: [Edge]
    /// Why nothing was done in the last round.
    let hold: String?

    init(_ status: WatchStatus) {
        let record = status.record
        lastRound = record.lastRound.rfc3339
        replicas = record.replicas.sorted { $0.key < $1.key }.map {
            ReplicaState(
                name: $0.key.name, state: $0.value.verdict.rawValue, since: $0.value.since.rfc3339)
        }
        budgets = status.budgets.map {
            Budget(
                service: $0.service.name, restartsLeft: $0.left,
                restartsAtMost: status.settings.restarts.atMost,
                pauseMilliseconds: $0.pause.wholeMilliseconds)
        }
        openCircuits = record.openCircuits.map {
            Circuit(service: $0.service.name, since: $0.since.rfc3339)
        }
        brokenEdges = record.brokenEdges.sorted { $0.key < $1.key }.map {
            Edge(service: $0.key, reason: $0.value)
        }
        hold = record.hold
    }
}
