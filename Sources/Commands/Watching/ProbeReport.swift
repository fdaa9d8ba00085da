import BlueGreen
import HostSystem
import Orchestration

/// The outcome of a round of one app, as `teal probe` tells it.
enum ProbeReport: Sendable {
    case round(app: String, AppWatch.Report, took: Duration)
    /// Another round of the app is under way.
    case busy(app: String)
    case failed(app: String, reason: String)

    var app: String {
        switch self {
        case .round(let app, _, _), .busy(let app), .failed(let app, _): app
        }
    }

    var status: ExitStatus {
        switch self {
        case .round(_, let report, _): report.isHealthy ? .done : .unhealthy
        case .busy: .locked
        case .failed: .unexpectedError
        }
    }

    /// One line; what failed follows it, indented.
    var text: String {
        switch self {
        case .busy(let app): "\(app): another round is under way.\n"
        case .failed(let app, let reason): "\(app): not probed: \(SafeLine.own(reason))\n"
        case .round(let app, let report, let took):
            ([head(app, report, took)] + details(report)).map { $0 + "\n" }.joined()
        }
    }

    private func head(_ app: String, _ report: AppWatch.Report, _ took: Duration) -> String {
        if let illness = report.record.illness {
            let reason = SafeLine.own(illness.description)
            return "\(app): not known: \(reason)" + (reason.hasSuffix(".") ? "" : ".")
        }
        if let unclear = report.unclear { return "\(app): not known: \(SafeLine.own(unclear))" }
        guard let active = report.active else { return "\(app): nothing has traffic." }
        let states = report.watched.map(\.state)
        let bad = states.count { $0.isBad }
        let word = report.isHealthy ? "healthy" : "unhealthy"
        let all = states.count == 1 ? "1 replica" : "\(states.count) replicas"
        let counts = bad == 0 ? all : "\(bad) of \(all)"
        return "\(app): \(active.colour) is \(word), \(counts), in \(took.text)."
    }

    private func details(_ report: AppWatch.Report) -> [String] {
        let replicas = report.watched.filter { $0.state.isBad }.map { watched, state in
            "  \(watched.name) \(state.text)"
        }
        let edges = report.record.brokenEdges.sorted { $0.key < $1.key }.map {
            "  nginx does not reach \($0.key): \($0.value)"
        }
        let circuits = report.record.openCircuits.map {
            "  \($0.service.name) is not restarted any more, since \($0.since.rfc3339)"
        }
        let hold = report.decision.hold.map { ["  nothing is done: \($0)"] } ?? []
        let act = report.act.map { ["  \($0.text)"] } ?? []
        let loss = report.loss.map { ["  the watch begins anew, with new budgets: \($0)"] } ?? []
        let unkept = report.unkept.map { ["  the round was not kept: \($0)"] } ?? []
        return (replicas + edges + circuits + hold + act + loss + unkept).map(SafeLine.own)
    }
}

extension AppWatch.Report {
    /// The replicas that count, in order.
    var watched: [(watched: WatchedReplica, state: ReplicaRecord)] {
        let services = Set(plans.filter { $0.use != .off }.map(\.service))
        return record.replicas.filter { services.contains($0.key.service) }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension ReplicaRecord {
    var isBad: Bool {
        switch verdict {
        case .unhealthy, .stopped: true
        case .starting, .healthy, .finished: false
        }
    }

    /// As a predicate to its name.
    var text: String {
        switch verdict {
        case .healthy: "is healthy, since \(since.rfc3339)"
        case .starting: "is starting, since \(since.rfc3339)"
        case .finished: "has done its work"
        case .stopped: "was stopped by hand and is left alone, since \(since.rfc3339)"
        case .unhealthy where isStopping: "is being stopped or started on purpose"
        case .unhealthy:
            "is unhealthy, since \(since.rfc3339): \(lastFailures.last?.text ?? "")"
        }
    }
}

extension AppWatch.ActEnd {
    var text: String {
        switch self {
        case .done(.restart(let watched, let reason)):
            "restarted \(watched.name), since \(reason)"
        case .done(.rollBack(let from, let to, let reason)):
            "rolled back from \(from.colour) to \(to.colour), since \(reason)"
        case .failed(.restart(let watched, _), let reason):
            "\(watched.name) could not be restarted: \(reason)"
        case .failed(.rollBack, let reason): "the rollback failed: \(reason)"
        case .cancelled(_, let reason): "nothing was done: \(reason)"
        }
    }
}
