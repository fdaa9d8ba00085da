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
        package var tool: ComposeTool
        package var api: EngineAPI
        /// nil leaves it to the compose file, whose own default is `missing`.
        package var pull: PullPolicy?
        package var build: BuildPolicy
        /// Of this process; secrets with `environment:` are read from it when a release is
        /// recorded.
        package var environment: [String: String]
        /// Shared services that a deploy replaces although they run, by name. Their images are
        /// fetched or built as those of any other service, and not taken from the container.
        package var updateShared: Set<String>
        /// What must stay free of the disk on which Docker keeps images; nil leaves it unlooked at.
        package var diskReserve: ByteCount?
        /// Gets each line that a pull or a build prints.
        package var onOutput: (@Sendable (String) -> Void)?

        package init(
            app: String, stateDirectory: String, runner: any CommandRunner, tool: ComposeTool,
            api: EngineAPI
        ) {
            self.app = app
            self.stateDirectory = stateDirectory
            self.runner = runner
            self.tool = tool
            self.api = api
            build = .missing
            environment = [:]
            updateShared = []
        }
    }

    /// More than a release and its deployment write.
    private static let recordSize = ByteCount.mebibytes(1)

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

    /// Writes a new release's folder, to be called before its deployment begins.
    ///
    /// - Throws: `DockerComposeError.refused` for what cannot run in two colours, `.notShared` for
    ///   a name in `updateShared` that is not a shared service's.
    package func record(
        _ project: ComposeProject, settings services: [String: ServiceSettings],
        as release: ReleaseID
    ) async throws {
        try refuseUnknownShared(among: try project.plan(services))
        try refuseFullStateDisk()
        try folder(of: release).write(
            project, settings: services, environment: settings.environment)
    }

    func refuseUnknownShared(among plan: [PlannedService]) throws {
        let shared = plan.filter { $0.role == .shared }.map(\.name)
        let unknown = settings.updateShared.subtracting(shared)
        guard unknown.isEmpty else {
            throw DockerComposeError.notShared(unknown.sorted(), known: shared.sorted())
        }
    }

    /// Told before anything starts, since a record that cannot be written later is a deployment
    /// that nobody can go on with.
    private func refuseFullStateDisk() throws {
        let files = FileSystem()
        try files.makeFolder(settings.stateDirectory, access: .ownerOnly)
        let free = try files.freeSpace(at: settings.stateDirectory)
        guard free >= Self.recordSize else {
            throw DockerComposeError.stateDiskFull(folder: settings.stateDirectory, free: free)
        }
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
