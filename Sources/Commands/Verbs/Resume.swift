import ArgumentParser
import BlueGreen
import Orchestration

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finish or undo a deployment that was interrupted.",
        discussion: """
            Undoes a deployment that was cut off before the switch; carries it forward after the \
            switch. One that waits for `teal promote` keeps waiting. Every verb that writes does \
            this first.

            Examples:
              teal resume
              teal resume --app shop --wait-lock 1m
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func run() async throws {
        try await WritingSession.locked("resume", common, lock) { run in
            if let recovered = try await run.acting({ try await $0.takeUp() }) {
                return try await run.close(recovered)
            }
            if let waiting = try await run.ports.store.unfinished() {
                return try run.closeWaiting(waiting)
            }
            return try nothingToDo(run)
        }
    }

    private func nothingToDo(_ run: WritingRun) throws -> ExitStatus {
        let live = try run.ports.router.liveColour()
        let traffic = Traffic.sentence(live)
        try run.console.result(
            "Nothing to resume: no deployment of \(run.app.name) is unfinished. \(traffic)\n",
            ResultDocument(app: run.app.name, .done, traffic: live))
        return .done
    }
}
