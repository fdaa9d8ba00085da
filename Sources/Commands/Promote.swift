import ArgumentParser
import BlueGreen

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
        try await WritingRun.perform("promote", common, lock) { run in
            try await run.answer(.promote)
        }
    }
}
