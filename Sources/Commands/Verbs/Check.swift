import ArgumentParser
import Orchestration

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look whether the configuration and the host are ready; change nothing.",
        discussion: """
            Each line is ok, warn or fail, with what to do about it. Looks at teal.yml, the state \
            directory, Docker, Compose, the compose file (services, ports, volumes), containers \
            and volumes of others in its way, the memory that another set would need, the disk, \
            nginx and the targets of `notify`. Sends nothing. With `engine: swarm` it looks at the \
            swarm and at each edge instead of the memory, the disk and nginx of this host.

            Examples:
              teal check
              teal check --env-file releases/v2.env --json
            """)

    @OptionGroup var common: CommonOptions

    @OptionGroup var environment: EnvironmentFileOptions

    func run() async throws {
        let invocation = Invocation.current
        let console = Console(invocation, json: common.json)
        try await VerbRun.ending(console) {
            let app: AppContext
            do throws(CommandsError) {
                app = try common.locate(invocation, for: .newRelease)
            } catch {
                let item = CheckItem(name: "configuration", level: .fail, text: "\(error)")
                return try say([item], app: nil, status: ExitStatus(error), console)
            }
            let choices = ReleaseChoices(
                environmentFiles: environment.paths(from: invocation.directory))
            return try await Wiring.looking(at: app, choices: choices) { wiring in
                let checks = HostChecks(
                    app: app, wiring: wiring, ports: Result { try wiring.ports(.reading) })
                let items = await checks.all()
                let status: ExitStatus =
                    items.contains { $0.level == .fail } ? .unexpectedError : .done
                return try say(items, app: app, status: status, console)
            }
        }
    }

    private func say(
        _ items: [CheckItem], app: AppContext?, status: ExitStatus, _ console: Console
    ) throws -> ExitStatus {
        let failures = items.count { $0.level == .fail }
        let deploy = app?.command("deploy") ?? "`teal deploy`"
        let check = app?.command("check") ?? "`teal check`"
        let end =
            failures == 0
            ? "Ready. Next: \(deploy)."
            : "\(failures) of \(items.count) failed. Next: correct that and run \(check) again."
        let lines = items.flatMap(\.lines) + [end]
        try console.result(
            lines.map { $0 + "\n" }.joined(),
            CheckDocument(app: app?.name, status, items))
        return status
    }
}
