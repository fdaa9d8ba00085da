import ArgumentParser
import HostSystem

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a teal.yml for a compose file, and say which nginx lines to add.",
        discussion: """
            Asks Compose what the compose file says (needs no Docker daemon, and looks at images \
            that are here where one answers). Proposes a role for each service, and says why. On a \
            terminal it asks what the compose file does not tell; elsewhere comments show the \
            choices, and `teal check` refuses what is undecided. Never replaces a teal.yml without \
            --force.

            With --explain it prints a teal.yml that has every key, each with its default.

            With --ci it writes the files of the program that is to run Teal, and says what is \
            left to you: codedeploy (appspec.yml and its scripts), github-ssh and github-runner \
            (a workflow), jenkins (a Jenkinsfile), git (a post-receive hook), cron (a table with \
            `teal probe`). Run it at the top of the app's repository.

            Examples:
              teal init
              teal init --compose deploy/compose.yml --service web --port 8080
              teal init --yes           asks nothing, and takes what is likeliest
              teal init --output -      only shows it
              teal init --explain
              teal init --ci codedeploy
              teal init --ci github-ssh --app shop --folder /opt/shop
            """)

    @Option(
        help: ArgumentHelp(
            "The compose file; repeated, later ones override. (default: as Compose does)",
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

    @Flag(
        help: ArgumentHelp(
            "Ask nothing, and take the likeliest answer where there is one.",
            discussion: "One entrance is taken, and none between equals. What stays undecided "
                + "is told, and refused by `teal check`."))
    var yes = false

    @Flag(help: "Replace a file that is there.")
    var force = false

    @Flag(help: "Only print a teal.yml that explains every key, and write nothing.")
    var explain = false

    @Option(
        help: ArgumentHelp(
            "Write the files of a program that runs Teal, and nothing else.",
            valueName: "caller"))
    var ci: Caller?

    @Option(
        help: ArgumentHelp(
            "With --ci: where the app's files are on the host. (default: /srv/APP)",
            valueName: "folder"))
    var folder: String?

    @OptionGroup var result: ResultOptions

    func validate() throws {
        try validateCaller()
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
            if let ci {
                try writeFiles(of: ci, invocation, console)
            } else {
                try await propose(invocation, console)
            }
            return .done
        }
    }

    private func validateCaller() throws {
        guard ci != nil else {
            if folder != nil { throw ValidationError("--folder is for --ci.") }
            return
        }
        let others =
            !compose.isEmpty || !environment.environmentFiles.isEmpty || service != nil
            || port != nil || output != nil || yes || explain
        if others {
            throw ValidationError("--ci goes with --app, --folder, --force and --json only.")
        }
        if let folder, !StrictGrammar.absolutePath.accepts(folder) {
            throw ValidationError("--folder must be \(StrictGrammar.absolutePath.name).")
        }
    }

    private func writeFiles(
        of caller: Caller, _ invocation: Invocation, _ console: Console
    ) throws {
        let written = try CallerWriting(
            caller, app: app?.text, folder: folder, replacing: force ? .allowed : .refused,
            invocation)
        try console.result(written.text, CallerDocument(written))
    }

    private func propose(_ invocation: Invocation, _ console: Console) async throws {
        let request = FirstConfiguration.Request(
            composeFiles: compose, environmentFiles: environment.environmentFiles, app: app?.text,
            wish: Proposal.Wish(service: service, port: port), output: output,
            replacing: force ? .allowed : .refused)
        let first = try await FirstConfiguration(
            request, invocation, answering: answering(console), note: console.note)
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

extension Init {
    private func answering(_ console: Console) -> FirstConfiguration.Answering {
        if yes { return .evidence }
        guard console.canAsk, !result.json else { return .nobody }
        return .person { question in
            console.note(question.dialogue)
            while let line = readLine() {
                switch question.reading(of: line) {
                case .answer(let answer): return answer
                case .none: return nil
                case .unclear: console.note(question.hint)
                }
            }
            return nil
        }
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
