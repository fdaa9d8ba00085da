import ArgumentParser
import BlueGreen

struct Abort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take away a release that waits for traffic (`promote: manual`).",
        discussion: """
            Its containers are removed, and whoever has traffic keeps it. A deploy that waits in \
            another terminal ends with exit code 3.

            Examples:
              teal abort
              teal abort --app shop
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    func run() async throws {
        try await WritingRun.perform("abort", common, lock) { run in
            try await run.answer(.abort(reason: "`teal abort` decided against it."))
        }
    }
}
