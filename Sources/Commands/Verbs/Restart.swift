import ArgumentParser
import BlueGreen
import Orchestration

struct Restart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Restart the replicas of one service, one after the other.",
        discussion: """
            Teal restarts what serves: the replicas of the active colour, or a shared service. \
            Unhealthy ones come first. Each has its stop grace to end, and must be healthy before \
            the next one is stopped. Teal stops at the first that does not come back, with exit \
            code 5. A service with one replica is down meanwhile.

            Examples:
              teal restart web
              teal restart web --replica 2
              teal restart db --app shop --json
            """)

    @Argument(help: "The service.")
    var service: String

    @Option(
        help: ArgumentHelp("Restart this replica only, counted from 1.", valueName: "number"))
    var replica: Int?

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func validate() throws {
        if let replica, replica < 1 { throw ValidationError("Replicas count from 1.") }
    }

    func run() async throws {
        try await WritingSession.locked("restart", common, lock) { run in
            try run.app.refuseSwarm("restart")
            let outcome: ServiceRestart.Outcome
            do {
                outcome = try await run.progress.shown {
                    try await ServiceRestart(run.ports, interruption: run.interruption)
                        .run(service, replica: replica)
                }
            } catch let refusal as RestartRefusal {
                throw CommandsError.notRestarted(reason: refusal.text(run.app))
            }
            await noteByHand(outcome, run)
            let summary = RestartSummary(outcome, run.app, interruption: run.interruption.signal)
            run.progress.log.append(summary.text)
            if let failure = outcome.failure { run.console.error(failure.failure.message) }
            try run.console.result("", RestartDocument(run.app.name, summary.status, outcome))
            run.console.closing(summary.lines)
            return summary.status
        }
    }

    /// The watch begins with a new budget, and the history has it.
    private func noteByHand(_ outcome: ServiceRestart.Outcome, _ run: WritingRun) async {
        let placement = outcome.service.role == .shared ? nil : outcome.active
        do {
            try await run.wiring.noteRestart(
                of: WatchedService(placement, outcome.service.name),
                outcome.restarted.map { WatchedReplica(placement, $0) })
        } catch {
            run.console.note("Note: the watch does not know of it: \(error)")
        }
    }
}

extension RestartRefusal {
    /// Cause and next move.
    func text(_ app: AppContext) -> String {
        switch self {
        case .unfinished(let number, true):
            "Nothing was restarted: deployment \(number) waits for a person. First "
                + "\(app.command("promote")) or \(app.command("abort"))."
        case .unfinished(let number, false):
            "Nothing was restarted: deployment \(number) was cut off. First "
                + "\(app.command("resume")), which finishes or undoes it."
        case .unknownService(let name, let known):
            "Nothing was restarted: the active release has no service \"\(name)\""
                + (known.nearest(to: name).map { ", did you mean \"\($0)\"?" }
                    ?? "; it has \(known.joined(separator: ", ")).")
        case .unknownReplica(let index, let name, let count):
            "Nothing was restarted: \(name) has \(count) replica\(count == 1 ? "" : "s"), and no "
                + "\(name)-\(index)."
        case .oneShot(let name):
            "Nothing was restarted: \(name) runs to its end once, before the services that wait "
                + "for it. \(app.command("deploy")) runs it again."
        case .noContainer(let replica):
            "Nothing was restarted: \(replica) has no container. \(app.command("deploy")) makes a "
                + "whole set."
        }
    }
}
