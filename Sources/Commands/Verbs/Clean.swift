import ArgumentParser
import BlueGreen
import Orchestration

struct Clean: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Show what no release needs any more, and remove it.",
        discussion: """
            Teal keeps the releases that you can roll back to (`keep.releases`), everything that \
            has a container, and all that belongs to other apps. It removes the folders and \
            images of other releases, and the app's images without a name.

            Examples:
              teal clean --dry-run     only shows it
              teal clean               shows it and asks
              teal clean --app shop --yes
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    @Flag(help: "Do not ask; needed where there is no terminal.")
    var yes = false

    @Flag(name: .customLong("dry-run"), help: "Show what would go, and remove nothing.")
    var dryRun = false

    func validate() throws {
        if yes, dryRun { throw ValidationError("Give --yes or --dry-run, not both.") }
    }

    func run() async throws {
        var agreed: Set<Clutter>?
        if !yes {
            // Asked before the lock is taken: nobody waits for a person's answer.
            agreed = try await ask()
            if agreed == nil { return }
        }
        let shown = agreed
        try await WritingSession.locked("clean", common, lock) { run in
            try run.app.refuseSwarm("clean")
            return try await clean(shown, run)
        }
    }

    /// - Returns: what was shown and may go; nil where there is nothing to be done.
    private func ask() async throws -> Set<Clutter>? {
        var agreed: Set<Clutter>?
        try await VerbRun.reading(common) { app, console in
            try app.refuseSwarm("clean")
            let clutter = try await Wiring.looking(at: app) { wiring in
                try await wiring.deployer(try wiring.ports(.reading), Interruption())
                    .clutter(
                        keeping: app.configuration.deployment.releases, by: wiring.housekeeping)
            }
            let words = CleaningSummary(clutter, app)
            if dryRun || clutter.isEmpty {
                try console.result(
                    words.shown, CleanDocument(app: app.name, items: clutter, removed: []))
                return .done
            }
            console.note(words.table)
            guard isConfirmed(console) else {
                throw CommandsError.notConfirmed(act: "remove it")
            }
            agreed = Set(clutter)
            return .done
        }
        return agreed
    }

    private func isConfirmed(_ console: Console) -> Bool {
        guard console.canAsk else { return false }
        console.note("Type yes to remove it:")
        return readLine() == "yes"
    }

    /// - Parameter agreed: the things that may go; nil for all that are found.
    private func clean(_ agreed: Set<Clutter>?, _ run: WritingRun) async throws -> ExitStatus {
        let count = run.app.configuration.deployment.releases
        let cleaning = try await run.acting {
            try await $0.clean(agreed, keeping: count, by: run.wiring.housekeeping)
        }
        switch cleaning {
        case .stuck(let deployment):
            return try await run.close(deployment)
        case .removed(let gone, let freed):
            let words = CleaningSummary(gone, run.app)
            let text = agreed == nil ? words.shownAndRemoved(freed) : words.removed(freed)
            try run.console.result(
                text, CleanDocument(app: run.app.name, items: gone, removed: gone, freed: freed))
            return .done
        }
    }
}
