import BlueGreen
import Orchestration

/// The last lines of `restart`: what was restarted, what runs now, and what to do next.
struct RestartSummary {
    private let outcome: ServiceRestart.Outcome
    private let app: AppContext
    /// The name of the signal that asked it to end.
    private let signal: String?

    init(_ outcome: ServiceRestart.Outcome, _ app: AppContext, interruption signal: String?) {
        self.outcome = outcome
        self.app = app
        self.signal = signal
    }

    var status: ExitStatus {
        if outcome.failure != nil { return .unhealthy }
        return outcome.left.isEmpty ? .done : .unexpectedError
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    var lines: [String] {
        var lines = [head]
        if outcome.failure != nil, !outcome.restarted.isEmpty {
            lines.append("Up again: \(Self.names(outcome.restarted)).")
        }
        if !outcome.left.isEmpty {
            lines.append("Left as they were: \(Self.names(outcome.left)).")
        }
        lines.append(Traffic.sentence(outcome.active.colour))
        if let next { lines.append(next) }
        return lines
    }

    private var head: String {
        if let failed = outcome.failure {
            return "Unhealthy: \(failed.replica) was restarted and did not come back. "
                + failed.failure.message
        }
        guard outcome.left.isEmpty else {
            let reason = signal.map { ": \($0) asked it to end" } ?? ""
            return "Not all of \(outcome.service.name) was restarted\(reason)."
        }
        return "Restarted: \(Self.names(outcome.restarted)) of "
            + "\(outcome.service.role == .shared ? "both colours" : "\(outcome.active.colour)")."
    }

    private var next: String? {
        if let failed = outcome.failure {
            let serving = "Next: \(app.command("status")) shows what serves"
            // Of a shared one `status` names the command, by the container's name.
            if outcome.service.role == .shared { return "\(serving)." }
            let subject = LogCommand.Subject.replica(
                failed.replica, of: outcome.service.replicas, outcome.active.colour)
            return "\(serving), and \(LogCommand(subject, options: app.options).text) its log."
        }
        guard !outcome.left.isEmpty else { return nil }
        return "Next: \(app.command("restart \(outcome.service.name)"))."
    }

    private static func names(_ replicas: [Replica]) -> String {
        replicas.map(\.description).joined(separator: ", ")
    }
}
