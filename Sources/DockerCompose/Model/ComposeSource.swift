package import BlueGreen
package import DockerEngine
import HostSystem
package import Orchestration

/// Today's compose files, with what `teal.yml` says of their services.
package struct ComposeSource: ReleaseSource {
    private let engine: ComposeEngine
    private let files: ComposeProject.Source
    private let services: [String: ServiceSettings]

    package init(
        _ engine: ComposeEngine, files: ComposeProject.Source,
        services: [String: ServiceSettings]
    ) {
        self.engine = engine
        self.files = files
        self.services = services
    }

    package func findPrograms() async throws { _ = try await engine.settings.tool() }

    package func draft() async throws -> any ReleaseDraft {
        let tool = try await engine.settings.tool()
        do {
            let project = try await ComposeProject.resolve(
                files, tool: tool, runner: engine.settings.runner)
            let known = project.serviceNames
            let unknown = services.keys.filter { !known.contains($0) }.sorted()
            guard unknown.isEmpty else {
                throw ReleaseSourceError.unknownServices(unknown, known: known)
            }
            let chosen = try project.taking(engine.settings.choices.artifacts, services)
            let environment = try await files.variables(
                for: chosen, beside: engine.settings.environment, tool: tool,
                runner: engine.settings.runner)
            let draft = try ComposeDraft(engine, chosen, services, environment)
            // The content that a deploy would copy must be there before anything is begun.
            let absences = FileCopies(folder: "", environment: environment)
                .absences(in: chosen.model)
            if let error = ReleaseSourceError(absences) { throw error }
            return draft
        } catch let error as DockerError {
            throw ReleaseSourceError.unfit(reason: "\(error)")
        }
    }
}

/// A resolved compose project that can run in two colours.
struct ComposeDraft: ReleaseDraft {
    let services: [PlannedService]
    private let engine: ComposeEngine
    private let project: ComposeProject
    private let settings: [String: ServiceSettings]
    /// Where configs and secrets with `environment:` find their content.
    private let environment: [String: String]

    /// More than a release and its deployment write.
    private static let recordSize = ByteCount.mebibytes(1)

    /// - Throws: `DockerError.refused` for what cannot run in two colours,
    ///   `ReleaseSourceError.notShared` for a name in `updateShared` that is not a shared
    ///   service's.
    init(
        _ engine: ComposeEngine, _ project: ComposeProject, _ settings: [String: ServiceSettings],
        _ environment: [String: String]
    ) throws {
        self.environment = environment
        self.engine = engine
        self.project = project
        self.settings = settings
        services = try project.plan(settings)
        let shared = services.filter { $0.role == .shared }.map(\.name)
        let unknown = engine.settings.choices.updateShared.subtracting(shared)
        guard unknown.isEmpty else {
            throw ReleaseSourceError.notShared(unknown.sorted(), known: shared.sorted())
        }
    }

    var notices: [String] {
        project.notices(settings) + engine.bindNotices(of: project.running(settings))
    }

    func record(as release: ReleaseID) async throws -> [String] {
        try checkRoom()
        let recorded = try engine.folder(of: release).write(
            set(as: release), environment: environment)
        return try await engine.sharedNotices(of: recorded)
    }

    func obstacles() async throws -> [Obstacle] {
        let name = ReleaseID(at: SystemClock().now, entropy: 0)
        let set = set(as: name)
        return try await engine.obstacles(to: set, .deploy)
            + engine.bindObstacles(to: project.running(settings))
            + engine.emptyVolumeObstacles(to: set, .present)
    }

    func imageNotices() async throws -> [String] {
        let set = set(as: ReleaseID(at: SystemClock().now, entropy: 0))
        return try await engine.unnamedData(of: set.shared, in: set)
            + engine.codeVolumeNotices(of: set, .present) + engine.unseenImages(of: set)
    }

    /// All containers run on this host.
    func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom? { nil }

    func forecast(
        at candidate: Placement, beside active: Placement?, with others: [PlannedService]
    ) async throws -> SetForecast {
        try await engine.foresee(
            set(as: candidate.release), in: candidate.colour, beside: active, with: others)
    }

    private func set(as release: ReleaseID) -> ContainerSet {
        ContainerSet(project: project, settings: settings, release: release, services: services)
    }

    /// Told before anything starts, since a record that cannot be written later is a deployment
    /// that nobody can go on with.
    func checkRoom() throws {
        let files = FileSystem()
        let folder = engine.settings.stateDirectory
        try files.makeFolder(folder, access: .ownerOnly)
        let free = try files.freeSpace(at: folder)
        guard free >= Self.recordSize else {
            throw ReleaseSourceError.noRoomForRecord(folder: folder, free: free)
        }
    }
}
