package import BlueGreen
package import DockerEngine
package import HostSystem
package import Orchestration

/// The container set of an app through Compose and the Engine API: Compose creates containers
/// from generated models, the API does what needs speed or precision.
package struct ComposeEngine: ContainerEngine {
    package struct Settings: Sendable {
        package var app: String
        /// The app's own folder, `/var/lib/teal/shop`.
        package var stateDirectory: String
        package var runner: any CommandRunner
        package var tool: ComposeTool.Search
        package var api: EngineAPI
        /// A person's choices for a new release. Images of shared services that are replaced are
        /// fetched or built as those of any other service, and not taken from the container.
        package var choices: ReleaseChoices
        /// Where the choices leave it open.
        package var build: BuildPolicy
        /// Of this process; secrets with `environment:` are read from it when a release is
        /// recorded.
        package var environment: [String: String]
        /// So much of the disk on which Docker keeps images must stay free; nil leaves it unlooked
        /// at.
        package var diskReserve: ByteCount?
        /// Hears what is built, what hooks print, and what is amiss without ending anything.
        package var reporter: any Reporter
        /// Remember which hook of the compose file runs.
        package var traces: (any HookTraces)?
        /// The container that Teal joins to the colours' networks, since nginx runs in it.
        package var nginxContainer: String?

        package init(
            app: String, stateDirectory: String, runner: any CommandRunner,
            tool: @escaping ComposeTool.Search, api: EngineAPI
        ) {
            self.app = app
            self.stateDirectory = stateDirectory
            self.runner = runner
            self.tool = tool
            self.api = api
            choices = ReleaseChoices()
            build = .always
            environment = [:]
            reporter = NoReporter()
        }
    }

    package let name = "Docker"
    let settings: Settings
    let inspections: InspectionCache

    package init(_ settings: Settings) {
        self.settings = settings
        inspections = InspectionCache()
    }

    var app: String { settings.app }
    var api: EngineAPI { settings.api }
    var networks: ColourNetworks {
        ColourNetworks(app: app, api: api, nginxContainer: settings.nginxContainer)
    }

    func folder(of release: ReleaseID) -> ReleaseFolder {
        ReleaseFolder(release, in: settings.stateDirectory)
    }

    /// Runs a call of Compose, which is looked for when the first one is made.
    func run(
        _ command: ComposeCommand, onLine: (@Sendable (String) -> Void)? = nil
    ) async throws -> CommandResult {
        try await settings.run(command, onLine: onLine)
    }

    func labels(of colour: Colour) -> [String] {
        ["\(ResourceLabel.app)=\(app)", "\(ResourceLabel.colour)=\(colour)"]
    }

    func labels(of placement: Placement) -> [String] {
        labels(of: placement.colour) + ["\(ResourceLabel.release)=\(placement.release)"]
    }
}

extension ComposeEngine.Settings {
    func run(
        _ command: ComposeCommand, onLine: (@Sendable (String) -> Void)? = nil
    ) async throws -> CommandResult {
        var call = try await permitted(command)
        // Compose fails where its working directory is gone, and all paths here are absolute.
        call.workingDirectory = call.workingDirectory ?? "/"
        return try await runner.run(call, onLine: onLine)
    }
}

private struct NoReporter: Reporter {
    func report(_ event: ProgressEvent) {}
}
