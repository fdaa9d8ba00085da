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
    /// What its owner should know, with what to do about it or without.
    let notes: [String]
    /// The words about the file.
    let summary: String

    /// Who answers what the compose file does not tell.
    enum Answering {
        /// Nobody: `teal.yml` says what is undecided.
        case nobody
        /// The evidence, where it speaks for one of the answers.
        case evidence
        /// A person; nil is no answer.
        case person((ProposalQuestion) -> ProposalQuestion.Answer?)
    }

    /// - Parameter note: takes a sentence that explains an error to come.
    init(
        _ request: Request, _ invocation: Invocation, answering: Answering,
        note: (String) -> Void
    ) async throws {
        let files = try ComposeFiles(
            named: request.composeFiles, from: invocation.directory,
            environment: invocation.environment,
            environmentFiles: request.environmentFiles.map {
                ConfigurationFile.absolute($0, from: invocation.directory)
            })
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
            app: name.app, files.paths, environment, in: folder, invocation, images: .present)
        do {
            proposal = try Proposal(
                project, request.wish, composeFiles: files.names(from: folder), files.facts
            ).answered(by: answering)
        } catch {
            // The missing service may well be in one of those.
            let unread = files.unread
            if !unread.isEmpty {
                note(
                    "Not read: \(unread.joined(separator: ", ")). If the service is there, name "
                        + "all the files that belong together with --compose.")
            }
            throw error
        }
        remarks = try ProposalReview(of: proposal, project).remarks
        let told = InitNotes(
            files: files, name: name, project: project, folder: folder,
            takenBy: Self.otherOwner(
                of: name.app, than: path ?? "\(folder)/teal.yml", invocation),
            wish: Self.wish(request.wish, of: proposal))
        let good = told.remarks + proposal.asides
        notes = told.decisions + good
        summary =
            InitSummary(
                proposal: proposal, remarks: remarks, lines: try Wiring.nginxLines(for: proposal),
                path: path, options: request.options(for: path, from: invocation.directory),
                decisions: told.decisions, notes: good
            ).text
    }

    private static func wish(
        _ wish: Proposal.Wish, of proposal: Proposal
    ) -> (service: String, port: Int)? {
        guard let port = wish.port, let entrance = proposal.services.first else { return nil }
        return (entrance.name, port)
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
            // Nothing of that name was deployed, or this user may not know it: the first deploy
            // is refused then, or says it.
            return nil
        }
    }
}

extension Proposal {
    /// An answer may bring another question: the volumes of a part, its ports.
    func answered(by answering: FirstConfiguration.Answering) -> Proposal {
        switch answering {
        case .nobody: return self
        case .evidence: return settled()
        case .person(let answer):
            var answered = self
            // The words may change with another answer, and the question is the same.
            var asked: Set<ProposalQuestion.Subject> = []
            while let question = answered.questions.first(where: { !asked.contains($0.subject) }) {
                asked.insert(question.subject)
                if let answer = answer(question) { answered.settle(question, by: answer) }
            }
            return answered
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
