import ArgumentParser
import BlueGreen
import Orchestration

struct Promote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Give traffic to a release that waits for it (`promote: manual`).",
        discussion: """
            Teal looks at the candidate once more and then gives it traffic as in any deploy: in \
            steps with a canary, watched with a bake. It carries the deployment to its end, also \
            if the `teal deploy` that began it is gone.

            Examples:
              teal promote
              teal promote --app shop --json
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func run() async throws {
        try await WritingSession.locked("promote", common, lock) { run in
            guard let ended = try await run.acting({ try await $0.promote() }) else {
                throw CommandsError.nothingWaits(app: run.app.name)
            }
            return try await run.close(ended)
        }
    }
}
