import ArgumentParser
import BlueGreen
import Orchestration

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what deploy would do, step by step and file by file; change nothing.",
        discussion: """
            Runs the checks of `teal check`. Then shows what this deploy would do: images, \
            changes, room, nginx's files and each step. Of variables it shows only names. Exit 0 \
            if a deploy could begin.

            Examples:
              teal plan
              teal plan --release v2 --env-file releases/v2.env
              teal plan --app shop --json
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ReleaseOptions

    func run() async throws {
        try await VerbRun.reading(common, for: .newRelease) { app, console in
            try await Wiring.looking(at: app, choices: try options.choices) { wiring in
                try await plan(app, wiring, console)
            }
        }
    }

    private func plan(
        _ app: AppContext, _ wiring: Wiring, _ console: Console
    ) async throws -> ExitStatus {
        do {
            return try await lookAndTell(app, wiring, console)
        } catch {
            let files = app.configuration.filesOfHooks(missingBy: error)
            guard !files.isEmpty else { throw error }
            let hooks = app.configuration.deployment.hooks.opening.map(\.text)
            return try refuse(
                app, console,
                problems: [
                    "\(files.joined(separator: ", ")) is not there yet. A deploy runs \(hooks.joined(separator: ", ")) "
                        + "first, which has to write it."
                ],
                next: "There is no plan without it. Next: run that hook by hand and "
                    + "\(app.command("plan")) again.")
        }
    }

    private func lookAndTell(
        _ app: AppContext, _ wiring: Wiring, _ console: Console
    ) async throws -> ExitStatus {
        try ConfigurationFile.check(
            environmentFiles: options.environment.paths(from: Invocation.current.directory))
        let ports = Result { try wiring.ports(.reading) }
        let items = await HostChecks(app: app, wiring: wiring, ports: ports).all()
        // The room is told with the plan, which shows what a deploy makes of too little.
        let failures = items.filter { $0.level == .fail && $0.name != "room" }
        guard failures.isEmpty else {
            return try refuse(
                app, console, problems: failures.map(\.text), lines: failures.flatMap(\.lines),
                next: "A deploy could not begin. Next: correct that and run "
                    + "\(app.command("plan")) again.")
        }
        let warnings = items.filter { $0.level == .warn && $0.name != "room" }.map(\.text)
        let look = PlanLook(
            app: app, wiring: wiring, ports: try ports.get(), label: options.release?.text)
        let report = try await look.report(warnings: warnings)
        try console.result(
            PlanText(report: report, options: options.repeated).text
                .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .map { SafeLine.own(String($0)) + "\n" }.joined(),
            PlanDocument(report))
        return report.status
    }

    /// - Parameter lines: the problems as people read them; nil for just that.
    private func refuse(
        _ app: AppContext, _ console: Console, problems: [String], lines: [String]? = nil,
        next: String
    ) throws -> ExitStatus {
        let text = ((lines ?? problems) + [next]).flatMap { SafeLine.lines($0) }
        try console.result(
            text.map { $0 + "\n" }.joined(),
            PlanDocument(app: app.name, .unexpectedError, problems: problems))
        return .unexpectedError
    }
}
