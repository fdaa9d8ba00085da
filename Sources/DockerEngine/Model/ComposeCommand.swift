package import HostSystem

/// One call of Compose as a value.
package struct ComposeCommand: Hashable, Sendable {
    /// nil where Compose is to tell it.
    package let project: String?
    /// Absolute paths.
    package let files: [String]
    package var envFiles: [String] = []
    /// The folder that relative paths in the compose file count from; nil means that of the
    /// first file.
    package var directory: String?
    package let verbs: [String]
    package var timeLimit = Duration.seconds(60)
    package var orphan = Command.Orphan.ended

    package init(
        project: String?, files: [String], envFiles: [String] = [], directory: String? = nil,
        verbs: [String], timeLimit: Duration = .seconds(60), orphan: Command.Orphan = .ended
    ) {
        self.project = project
        self.files = files
        self.envFiles = envFiles
        self.directory = directory
        self.verbs = verbs
        self.timeLimit = timeLimit
        self.orphan = orphan
    }

    /// As a person would type it.
    package var text: String { "docker compose " + arguments.joined(separator: " ") }

    /// These verbs look, or make an image. Any other may replace, start or end a container.
    private static let harmless: Set<String> = [
        "build", "config", "events", "images", "logs", "ls", "port", "ps", "pull", "stats", "top",
        "version",
    ]

    package var touchesContainers: Bool {
        verbs.first { !$0.hasPrefix("-") }.map { !Self.harmless.contains($0) } ?? false
    }

    package var arguments: [String] {
        (project.map { ["--project-name", $0] } ?? [])
            + (directory.map { ["--project-directory", $0] } ?? [])
            + files.flatMap { ["--file", $0] }
            + envFiles.flatMap { ["--env-file", $0] }
            + verbs
    }
}

extension ComposeCommand {
    package static func config(_ source: ComposeProject.Source) -> ComposeCommand {
        ComposeCommand(
            project: source.app, files: source.files, envFiles: source.envFiles,
            directory: source.directory, verbs: ["config", "--format", "json"])
    }

    /// A container that is there already is never replaced: `prepare` has removed the app's own.
    package static func create(project: String, file: String) -> ComposeCommand {
        ComposeCommand(
            project: project, files: [file],
            verbs: ["create", "--no-build", "--no-recreate"], timeLimit: .seconds(300))
    }

    package static func upShared(_ service: String, project: String, file: String) -> ComposeCommand
    {
        ComposeCommand(
            project: project, files: [file],
            verbs: ["up", "--detach", "--no-deps", "--no-recreate", "--no-build", service],
            timeLimit: .seconds(300))
    }

    /// Its anonymous volumes go over to the new container.
    package static func replaceShared(_ service: String, project: String, file: String)
        -> ComposeCommand
    {
        ComposeCommand(
            project: project, files: [file],
            verbs: ["up", "--detach", "--no-deps", "--force-recreate", "--no-build", service],
            timeLimit: .seconds(300))
    }

    /// A container of its own that is gone afterwards, without a terminal.
    package static func runHook(
        _ service: String, project: String, file: String, timeLimit: Duration
    ) -> ComposeCommand {
        // The hook in it is found by its mark, and it then takes the container away.
        ComposeCommand(
            project: project, files: [file],
            verbs: ["run", "--rm", "--no-deps", "-T", service], timeLimit: timeLimit,
            orphan: .left)
    }

    /// An image may take long on a small host's line; Docker itself has no limit either.
    package static func pull(_ service: String, project: String, file: String) -> ComposeCommand {
        ComposeCommand(
            project: project, files: [file], verbs: ["pull", service], timeLimit: .seconds(3600))
    }

    package static func build(_ service: String, project: String, file: String) -> ComposeCommand {
        ComposeCommand(
            project: project, files: [file], verbs: ["build", service], timeLimit: .seconds(3600))
    }
}
