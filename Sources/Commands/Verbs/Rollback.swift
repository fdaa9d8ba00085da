import ArgumentParser
import BlueGreen
import Orchestration

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give traffic back to the previous release, or to the one that you name.",
        discussion: """
            If the release still runs, traffic moves at once (warm). Otherwise Teal starts its \
            recorded containers, proves them healthy and moves the traffic (cold). Teal first \
            says which it will be.

            Examples:
              teal rollback
              teal rollback --to v1
              teal rollback --app shop --to 20261120-213405-3f9c
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    @Option(
        help: ArgumentHelp(
            "The release: its id, a beginning of it, or its label. `teal history` lists them.",
            valueName: "release"))
    var to: String?

    func run() async throws {
        try await WritingSession.locked("rollback", common, lock, release: to) { run in
            let settings = run.app.configuration.deployment
            return try await run.close(
                try await run.acting { try await $0.rollBack(to: to, settings: settings) })
        }
    }
}
