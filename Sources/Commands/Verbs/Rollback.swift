import ArgumentParser
import BlueGreen
import Orchestration

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Give traffic back to the previous release, or to the one that you name.",
        discussion: """
            If the release still runs, traffic moves at once (warm). Otherwise Teal starts its \
            recorded containers, proves them healthy and moves the traffic (cold). Teal first \
            says which it will be.

            If a run was killed while its release had traffic and was not promoted yet, a rollback \
            undoes that deployment, and goes no further back. A rollback whose run was killed after \
            its switch is finished, and nothing more.

            If your site asks for a service that the release lacks, the rollback is refused. Take \
            that line out of the site, or go back all the same: nginx then answers its requests \
            with 503, and all others as before.

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

    @Flag(help: "Go back also to a release that lacks a service of your site (503 there).")
    var acceptMissingService = false

    func run() async throws {
        try await WritingSession.locked("rollback", common, lock, release: to) { run in
            let settings = run.app.configuration.deployment
            let ended = try await run.acting {
                try await $0.rollBack(
                    to: to, settings: settings,
                    missing: acceptMissingService ? .accepted : .refused)
            }
            // One that a killed run had left with traffic on its candidate.
            let isUndone = ended.kind == .deploy && ended.outcome == .rolledBack
            return try await run.close(ended, isAskedFor: isUndone)
        }
    }
}
