import ArgumentParser
import BlueGreen
import Orchestration

struct Promote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give traffic to a release that waits for it (`promote: manual`).",
        discussion: """
            The candidate is looked at once more and then gets traffic as in any deploy: step by \
            step where teal.yml has a canary, watched where it has a bake. This command carries it \
            to its end, also where the `teal deploy` that began it is long gone.

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
