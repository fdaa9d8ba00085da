package import BlueGreen
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
        /// Of this process; secrets with `environment:` are read from it when a release is
        /// recorded.
        package var environment: [String: String]
        /// So much of the disk on which Docker keeps images must stay free; nil leaves it unlooked
        /// at.
        package var diskReserve: ByteCount?
        /// Gets each line that a pull or a build prints.
        package var onOutput: (@Sendable (String) -> Void)?

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
            environment = [:]
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
    var networks: ColourNetworks { ColourNetworks(app: app, api: api) }

    func folder(of release: ReleaseID) -> ReleaseFolder {
        ReleaseFolder(release, in: settings.stateDirectory)
    }

    /// Runs a call of Compose, which is looked for when the first one is made.
    func run(
        _ command: ComposeCommand, onLine: (@Sendable (String) -> Void)? = nil
    ) async throws -> CommandResult {
        try await settings.run(command, onLine: onLine)
    }

    package func start(
        _ container: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        switch container.service.role {
        case .shared: try await startShared(container.service, of: placement)
        case .exposed, .internal, .singleton: try await startColoured(container, of: placement)
        }
    }

    private func startColoured(
        _ planned: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        let listed = try await api.containers(labels: labels(of: placement))
        guard let container = listed.first(where: { $0.replica == planned.replica }) else {
            throw DockerComposeError.containerMissing(
                ResourceNames.container(app, placement.colour, planned.replica))
        }
        if container.state == "running" { return .ranAlready }
        try await api.startContainer(container)
        return .started
    }

    package func keepRunning(_ placement: Placement) async throws {
        for container in try await api.containers(labels: labels(of: placement)) {
            // One that ended has done its work, and one that was not started waits for its turn:
            // neither must be started by a reboot.
            guard let inspected = try await api.inspectContainer(container.id),
                ["running", "restarting"].contains(inspected.state.status)
            else { continue }
            let intended = RestartPolicy(
                composeText: container.labels[ResourceLabel.restart] ?? "no")
            let now = inspected.hostConfig
            // One that was stopped has lost its `always` to `unless-stopped`.
            if intended.name != "no", now.restartPolicy?.name != intended.name {
                try await api.updateRestartPolicy(of: container, to: intended)
            }
            let weight = container.labels[ResourceLabel.weight].flatMap { Int($0) }
            if let weight, now.processorWeight != weight {
                try await api.updateProcessorWeight(of: container, to: weight)
            }
        }
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
        try await runner.run(try await permitted(command), onLine: onLine)
    }
}
