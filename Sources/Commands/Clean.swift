import ArgumentParser
import BlueGreen
import DockerCompose
import HostSystem
import Orchestration

struct Clean: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what no release needs any more, and remove it.",
        discussion: """
            Kept are the releases that one can roll back to (as many as keep.releases says), \
            whatever has a container, and all that is not this app's. What goes are the folders \
            and images of other releases, and images of the app that have lost their name.

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
        try await WritingRun.perform("clean", common, lock) { run in
            try await clean(shown, run)
        }
    }

    /// - Returns: what was shown and may go; nil where there is nothing to be done.
    private func ask() async throws -> Set<Clutter>? {
        var agreed: Set<Clutter>?
        try await VerbRun.reading(common) { app, console in
            let wiring = try Wiring(
                app, Invocation.current, clock: SystemClock(), reporter: ReporterGroup([]))
            let clutter = try await wiring.closing {
                let engine = wiring.engineWithoutCompose()
                return try await Self.clutter(
                    of: app, engine, try wiring.ports(engine, .reading))
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

    /// - Parameter agreed: what may go; nil for whatever is found.
    private func clean(_ agreed: Set<Clutter>?, _ run: WritingRun) async throws -> ExitStatus {
        let engine = run.wiring.engineWithoutCompose()
        let ports = try run.wiring.ports(engine, .writing)
        if try await ports.store.unfinished() != nil {
            let full = run.wiring.engine(try await run.wiring.composeTool())
            let recovered = try await run.recover(try run.wiring.ports(full, .writing))
            if let recovered, recovered.outcome == .unknown {
                return try await run.close(recovered, ports)
            }
        }
        let found = try await Self.clutter(of: run.app, engine, ports)
        let going = found.filter { agreed?.contains($0) ?? true }
        let freed = try await engine.remove(going)
        try await forgetRecords(run.app, ports)
        let words = CleaningSummary(going, run.app)
        let text = agreed == nil ? words.shownAndRemoved(freed) : words.removed(freed)
        try run.console.result(
            text, CleanDocument(app: run.app.name, items: going, removed: going, freed: freed))
        return .done
    }

    private static func clutter(
        of app: AppContext, _ engine: ComposeEngine, _ ports: Ports
    ) async throws -> [Clutter] {
        try await engine.clutter(keeping: try await kept(app, ports))
    }

    private static func kept(_ app: AppContext, _ ports: Ports) async throws -> Set<ReleaseID> {
        KeptReleases(
            in: try await Situation.observe(ports),
            past: try await ports.store.deployments(limit: KeptReleases.history),
            count: app.configuration.deployment.releases
        ).releases
    }

    /// A record without its folder could not be gone back to.
    private func forgetRecords(_ app: AppContext, _ ports: Ports) async throws {
        let kept = try await Self.kept(app, ports)
        for release in try await ports.store.releases() where !kept.contains(release.id) {
            try await ports.store.deleteRelease(release.id)
        }
    }
}
