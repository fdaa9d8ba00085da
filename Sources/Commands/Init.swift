import ArgumentParser
import HostSystem
import Orchestration

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a teal.yml for a compose file, and say which nginx lines to add.",
        discussion: """
            Asks Compose what the compose file says (no Docker daemon is needed for that) and \
            proposes a role for each service: which one nginx reaches, which ones are shared, \
            which one must not run twice. Comments show the choices that only you can make. An \
            existing teal.yml is left alone.

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
        let files = try ComposeFiles(named: compose, from: invocation.directory)
        let path = path(files, invocation)
        if let path, !force, FileSystem().isThere(path) {
            throw CommandsError.fileExists(path: path)
        }
        let folder = path.map(ComposeFiles.folder) ?? files.directory
        if let path, !FileSystem().isFolder(ComposeFiles.folder(of: path)) {
            throw CommandsError.noFolder(path: path)
        }
        let name =
            if let app { ProposedName(app.text) } else {
                try await projectName(files, invocation)
            }
        let project = try await Wiring.outline(
            app: name.app, files.paths, try environmentPaths(from: invocation.directory),
            in: folder, invocation)
        let proposal = try propose(
            project, files.names(from: folder), unread: files.override, console)
        let text = proposal.text
        let remarks = try ProposalReview(of: text, project).remarks
        let notes = InitNotes(
            files: files, name: name, project: project, folder: folder,
            takenBy: taken(name.app, by: path ?? "\(folder)/teal.yml", invocation)
        ).sentences
        let words = InitSummary(
            proposal: proposal, remarks: remarks,
            lines: try Wiring.nginxLines(for: proposal),
            path: path, options: options(path, invocation),
            notes: notes)
        guard let path else {
            invocation.standardOutput.write(text)
            return console.note(words.text)
        }
        try AtomicFile.write(text, to: path, access: .everyoneReads)
        try console.result(
            words.text, InitDocument(proposal, path: path, problems: remarks, notes: notes))
    }

    private func propose(
        _ project: ProjectOutline, _ names: [String], unread override: String?, _ console: Console
    ) throws -> Proposal {
        do {
            return try Proposal(
                project, Proposal.Wish(service: service, port: port), composeFiles: names)
        } catch {
            // The missing service may well stand there.
            if let override {
                console.note("\(override) was not read: to read both, name both with --compose.")
            }
            throw error
        }
    }

    /// nil for standard output.
    private func path(_ files: ComposeFiles, _ invocation: Invocation) -> String? {
        switch output {
        case "-": nil
        case nil: "\(files.directory)/teal.yml"
        case .some(let path): ConfigurationFile.absolute(path, from: invocation.directory)
        }
    }

    private func environmentPaths(from directory: String) throws(CommandsError) -> [String] {
        let paths = environment.paths(from: directory)
        for path in paths where !FileSystem().exists(path) {
            throw .environmentFileNotFound(path: path)
        }
        return paths
    }

    private func options(_ path: String?, _ invocation: Invocation) -> String {
        let usual = "\(invocation.directory)/teal.yml"
        let place = path.flatMap { path in
            path == usual ? nil : " --config \(ShellWord.quoted(output ?? path))"
        }
        return (place ?? "")
            + environment.environmentFiles.map { " --env-file \(ShellWord.quoted($0))" }.joined()
    }

    /// As Compose has it, `.env` and variables put in; where it has none, as a folder whose name
    /// has no letters, or cannot read the file, what the file and its folder say.
    private func projectName(
        _ files: ComposeFiles, _ invocation: Invocation
    ) async throws -> ProposedName {
        let paths = try environmentPaths(from: invocation.directory)
        do {
            let outline = try await Wiring.outline(
                app: nil, files.paths, paths, in: files.directory, invocation)
            return ProposedName(outline.app)
        } catch is CommandsError {
            return try files.projectName()
        }
    }

    private func taken(_ app: String, by path: String?, _ invocation: Invocation) -> String? {
        do {
            let origin = try AppOrigin.read(of: app, in: invocation.state).configuration
            return origin == path || !FileSystem().exists(origin) ? nil : origin
        } catch {
            return nil  // Nothing of that name was deployed.
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
