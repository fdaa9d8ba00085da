import ArgumentParser
import BlueGreen
import Orchestration

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finish or undo a deployment that was interrupted.",
        discussion: """
            A deployment that was cut off before the switch is undone; after it, it is carried \
            forward. One that waits for `teal promote` waits on. Every verb that writes does the same before anything else, so this one is \
            for when nothing else is to be done.

            Examples:
              teal resume
              teal resume --app shop --wait-lock 1m
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func run() async throws {
        try await WritingRun.perform("resume", common, lock) { run in
            let tool = try await run.wiring.composeTool()
            let ports = try run.wiring.ports(run.wiring.engine(tool), .writing)
            guard let recovered = try await run.recover(ports) else {
                if let waiting = try await ports.store.unfinished() {
                    return try run.closeWaiting(waiting, ports)
                }
                return try nothingToDo(run, ports)
            }
            return try await run.close(recovered, ports)
        }
    }

    private func nothingToDo(_ run: WritingRun, _ ports: Ports) throws -> ExitStatus {
        let live = try ports.router.liveColour()
        let traffic = Traffic.sentence(live)
        try run.console.result(
            "Nothing to resume: no deployment of \(run.app.name) is unfinished. \(traffic)\n",
            ResultDocument(app: run.app.name, .done, traffic: live))
        return .done
    }
}
