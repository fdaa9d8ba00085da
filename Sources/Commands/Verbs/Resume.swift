import ArgumentParser
import BlueGreen
import Orchestration

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish or undo a deployment that was interrupted.",
        discussion: """
            Undoes a deployment that was cut off before the switch; carries it forward after the \
            switch. One that waits for `teal promote` keeps waiting. Does what an earlier run had \
            to leave undone; exit 5 when something still is. Every verb that writes does all this \
            first. At the end it looks whether nginx sends requests where the link says; exit 6 \
            when that could not be shown. With no deployment to finish it ends as `teal status` \
            would.

            Examples:
              teal resume
              teal resume --app shop --wait-lock 1m
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func run() async throws {
        try await WritingSession.locked("resume", common, lock) { run in
            let taken = try await run.acting { try await $0.takeUp() }
            try await prove(taken.deployment, run)
            if let recovered = taken.deployment { return try await run.close(recovered) }
            if taken.isOfEarlierRuns { return try await tell(taken, run) }
            if let waiting = try await run.ports.store.unfinished() {
                return try await run.closeWaiting(waiting)
            }
            return try await nothingToDo(run)
        }
    }

    /// Nothing is well while nginx sends requests elsewhere, whatever was done.
    private func prove(_ recovered: Deployment?, _ run: WritingRun) async throws {
        // Its own last lines say so.
        if recovered?.outcome == .unknown { return }
        do {
            try await run.acting { try await $0.prove() }
        } catch let error where !(error is CancellationError) {
            if let recovered, let outcome = recovered.outcome {
                run.console.note("Deployment \(recovered.number) has ended: \(outcome).")
            }
            throw error
        }
    }

    private func tell(_ taken: AppDeployer.TakenUp, _ run: WritingRun) async throws -> ExitStatus {
        let live = try await run.ports.router.liveColour()
        let status = taken.left.isEmpty ? try await verdict(run) : .unhealthy
        let left = taken.left.map(\.description)
        if run.console.isJSON {
            let error = left.isEmpty ? nil : left.joined(separator: " ")
            try run.console.result(
                "", ResultDocument(app: run.app.name, status, traffic: live, error: error))
        }
        let again = "Next: correct that and run \(run.app.command("resume")) again."
        let ill = "Next: \(run.app.command("status")) tells what is not well."
        let next = left.isEmpty ? (status == .done ? [] : [ill]) : [again]
        run.console.closing(
            written(taken) + taken.done.map { "Done now: \($0)" } + left.map { "Still owed: \($0)" }
                + [Traffic.sentence(live)] + next)
        return status
    }

    private func written(_ taken: AppDeployer.TakenUp) -> [String] {
        guard let found = taken.found else { return [] }
        let release = ReleaseName(found.candidate.release, label: found.label)
        return [
            "Written down now: \(found.candidate.colour) has traffic with release \(release), as "
                + "deployment \(found.number)."
        ]
    }

    private func nothingToDo(_ run: WritingRun) async throws -> ExitStatus {
        let live = try await run.ports.router.liveColour()
        let traffic = Traffic.sentence(live)
        let status = try await verdict(run)
        let next =
            status == .done ? "" : "Not all of it is well: \(run.app.command("status")) tells.\n"
        try run.console.result(
            "Nothing to resume: no deployment of \(run.app.name) is unfinished. \(traffic)\n"
                + next,
            ResultDocument(app: run.app.name, status, traffic: live))
        return status
    }

    /// As `status` ends; this run itself ends nothing any more.
    private func verdict(_ run: WritingRun) async throws -> ExitStatus {
        ExitStatus(
            try await Condition.observe(run.ports, reserve: .zero) { nil }.verdict)
    }
}

extension AppDeployer.TakenUp {
    fileprivate var isOfEarlierRuns: Bool {
        found != nil || !done.isEmpty || !left.isEmpty
    }
}
