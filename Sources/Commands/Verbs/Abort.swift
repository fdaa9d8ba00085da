import ArgumentParser
import BlueGreen
import Orchestration

struct Abort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Take away a release that waits for traffic (`promote: manual`).",
        discussion: """
            Removes its containers. The colour that has traffic keeps it. A deploy that waits in \
            another terminal ends with exit code 3.

            Examples:
              teal abort
              teal abort --app shop
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func run() async throws {
        try await WritingSession.locked("abort", common, lock) { run in
            let reason = "`teal abort` decided against it."
            guard let ended = try await run.acting({ try await $0.abort(reason: reason) }) else {
                throw CommandsError.nothingWaits(app: run.app.name)
            }
            let isDeclined = ended.outcome == .aborted && ended.failure?.cause == .declined
            return try await run.close(ended, isAskedFor: isDeclined)
        }
    }
}
