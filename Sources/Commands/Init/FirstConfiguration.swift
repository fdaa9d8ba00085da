import HostSystem
import Orchestration

/// The first `teal.yml` of an app: its place, its content, and what its owner should read.
struct FirstConfiguration {
    /// The choices of a user, paths as they were given.
    struct Request {
        /// Empty for the usual file of the working directory.
        var composeFiles: [String] = []
        var environmentFiles: [String] = []
        /// nil for the name that Compose gives the project.
        var app: String?
        var wish = Proposal.Wish()
        /// `-` for standard output; nil for `teal.yml` beside the compose file.
        var output: String?
        var replacing: Replacing = .refused
    }

    enum Replacing {
        case refused
        case allowed
    }

    let proposal: Proposal
    /// nil for standard output.
    let path: String?
    let remarks: [ProposalReview.Remark]
    let notes: [String]
    /// The words about the file.
    let summary: String

    /// - Parameter note: takes a sentence that explains an error to come.
    init(
        _ request: Request, _ invocation: Invocation, note: (String) -> Void
    ) async throws {
        let files = try ComposeFiles(named: request.composeFiles, from: invocation.directory)
        path = request.path(beside: files, from: invocation.directory)
        let folder = path.map(ComposeFiles.folder) ?? files.directory
        if let path {
            if request.replacing == .refused, FileSystem().isThere(path) {
                throw CommandsError.fileExists(path: path)
            }
            guard FileSystem().isFolder(folder) else { throw CommandsError.noFolder(path: path) }
        }
        let environment = request.environmentFiles.map {
            ConfigurationFile.absolute($0, from: invocation.directory)
        }
        try ConfigurationFile.check(environmentFiles: environment)
        let name =
            if let app = request.app { ProposedName(app) } else {
                try await Self.projectName(files, environment, invocation)
            }
        let project = try await Wiring.outline(
            app: name.app, files.paths, environment, in: folder, invocation)
        do {
            proposal = try Proposal(
                project, request.wish, composeFiles: files.names(from: folder))
        } catch {
            // The missing service may well be in that file.
            if let override = files.override {
                note("\(override) was not read: to read both, name both with --compose.")
            }
            throw error
        }
        remarks = try ProposalReview(of: proposal.text, project).remarks
        notes =
            InitNotes(
                files: files, name: name, project: project, folder: folder,
                takenBy: Self.otherOwner(
                    of: name.app, than: path ?? "\(folder)/teal.yml", invocation)
            ).sentences
        summary =
            InitSummary(
                proposal: proposal, remarks: remarks, lines: try Wiring.nginxLines(for: proposal),
                path: path, options: request.options(for: path, from: invocation.directory),
                notes: notes
            ).text
    }

    /// As Compose has it, `.env` and variables put in. Compose has none for a folder whose name
    /// has no letters, or for a file that it cannot read; then the file and its folder tell.
    private static func projectName(
        _ files: ComposeFiles, _ environment: [String], _ invocation: Invocation
    ) async throws -> ProposedName {
        do {
            let outline = try await Wiring.outline(
                app: nil, files.paths, environment, in: files.directory, invocation)
            return ProposedName(outline.app)
        } catch is CommandsError {
            return try files.projectName()
        }
    }

    /// The other `teal.yml` that an app of this name was deployed from.
    private static func otherOwner(
        of app: String, than path: String, _ invocation: Invocation
    ) -> String? {
        do {
            let origin = try AppOrigin.read(of: app, in: invocation.state).configuration
            return origin == path || !FileSystem().exists(origin) ? nil : origin
        } catch {
            return nil  // Nothing of that name was deployed.
        }
    }
}

extension FirstConfiguration.Request {
    fileprivate func path(beside files: ComposeFiles, from directory: String) -> String? {
        switch output {
        case "-": nil
        case nil: "\(files.directory)/teal.yml"
        case .some(let path): ConfigurationFile.absolute(path, from: directory)
        }
    }

    /// The options that the next commands must repeat.
    fileprivate func options(for path: String?, from directory: String) -> String {
        let place = path.flatMap { path in
            path == "\(directory)/teal.yml"
                ? nil : " --config \(ShellWord.quoted(output ?? path))"
        }
        return (place ?? "")
            + environmentFiles.map { " --env-file \(ShellWord.quoted($0))" }.joined()
    }
}
