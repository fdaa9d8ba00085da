import ArgumentParser
import HostSystem

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a teal.yml for a compose file, and say which nginx lines to add.",
        discussion: """
            Asks Compose what the compose file says (needs no Docker daemon). Proposes a role for \
            each service. Comments show what only you can decide. Never replaces a teal.yml \
            without --force.

            With --explain it prints a teal.yml that has every key, each with its default.

            Examples:
              teal init
              teal init --compose deploy/compose.yml --service web --port 8080
              teal init --output -      only shows it
              teal init --explain
            """)

    @Option(
        help: ArgumentHelp(
            "The compose file; repeated, later ones override. (default: as teal.yml finds it)",
            valueName: "file"))
    var compose: [String] = []

    @OptionGroup var environment: EnvironmentFileOptions

    @Option(
        help: ArgumentHelp(
            "The app's name. (default: what Compose calls the project)", valueName: "name"))
    var app: AppNameArgument?

    @Option(
        help: ArgumentHelp(
            "The service that nginx is to reach. (default: one that has a port)",
            valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("The port that it listens on inside its container."))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "Where to write; - for standard output. (default: teal.yml beside the compose file)",
            valueName: "file"))
    var output: String?

    @Flag(help: "Replace a file that is there.")
    var force = false

    @Flag(help: "Only print a teal.yml that explains every key, and write nothing.")
    var explain = false

    @OptionGroup var result: ResultOptions

    func validate() throws {
        if explain, result.json { throw ValidationError("Give --explain or --json, not both.") }
        if output == "-", result.json {
            throw ValidationError("Give --output - or --json, not both.")
        }
        if output == "" { throw ValidationError("--output wants a file.") }
        if let port, !(1...65_535).contains(port) {
            throw ValidationError("A port is a number from 1 to 65535.")
        }
    }

    func run() async throws {
        let invocation = Invocation.current
        if explain { return invocation.standardOutput.write(AnnotatedExample.text) }
        let console = Console(invocation, json: result.json)
        try await VerbRun.ending(console) {
            try await propose(invocation, console)
            return .done
        }
    }

    private func propose(_ invocation: Invocation, _ console: Console) async throws {
        let request = FirstConfiguration.Request(
            composeFiles: compose, environmentFiles: environment.environmentFiles, app: app?.text,
            wish: Proposal.Wish(service: service, port: port), output: output,
            replacing: force ? .allowed : .refused)
        let first = try await FirstConfiguration(request, invocation, note: console.note)
        guard let path = first.path else {
            invocation.standardOutput.write(first.proposal.text)
            return console.note(first.summary)
        }
        try AtomicFile.write(first.proposal.text, to: path, access: .everyoneReads)
        try console.result(
            first.summary,
            InitDocument(
                first.proposal, path: path, problems: first.remarks, notes: first.notes))
    }
}

/// An app's name on the command line.
struct AppNameArgument: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        guard StrictGrammar.appName.accepts(argument) else { return nil }
        text = argument
    }
}
