@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import HostSystem
import Orchestration
import TestSupport
import Testing

/// One app on real Docker, without nginx: a state folder and engines for it. It begins with
/// nothing and leaves nothing.
struct EngineStage: Sendable {
    let app: String
    let folder: String
    let api: EngineAPI
    private let tool: ComposeTool
    private let runner = SubprocessCommandRunner()

    static func set(
        _ app: String, _ body: @Sendable (EngineStage) async throws -> Void
    ) async throws {
        try await DockerTurn.shared.hold {
            try await hold(app, ProcessInformation.environment, body)
        }
    }

    /// On the daemon that `Tests/run.sh` starts with addresses for one network. Nobody else uses it,
    /// and it has no program and no container to run.
    static func setWhereAddressesAreScarce(
        _ app: String, _ body: @Sendable (EngineStage) async throws -> Void
    ) async throws {
        var environment = ProcessInformation.environment
        let host: String = try #require(
            environment["TEAL_SCARCE_DOCKER"], "Tests/run.sh starts it")
        environment["DOCKER_HOST"] = host
        try await hold(app, environment, body)
    }

    private static func hold(
        _ app: String, _ environment: [String: String],
        _ body: @Sendable (EngineStage) async throws -> Void
    ) async throws {
        let tools = try Tools.find()
        let endpoint = try EngineEndpoint(environment: environment)
        let tool = try await ComposeTool.find(
            environment: environment, endpoint: endpoint, runner: tools.runner)
        let folder = try await tools.temporaryFolder()
        // The last to be made, since it must be shut down whatever comes.
        let stage = EngineStage(app: app, folder: folder, api: EngineAPI(endpoint), tool: tool)
        do {
            try await body(stage)
        } catch {
            try await stage.end(tools)
            throw error
        }
        try await stage.end(tools)
    }

    private func end(_ tools: Tools) async throws {
        try await api.shutDown()
        try await tools.removeAll(of: app)
        try FileSystem().removeTree(folder)
    }

    func engine(
        _ change: (inout ComposeEngine.Settings) -> Void = { _ in }
    ) -> ComposeEngine {
        var settings = ComposeEngine.Settings(
            app: app, stateDirectory: "\(folder)/state", runner: runner,
            tool: { [tool] in tool }, api: api)
        settings.choices.pull = .missing
        change(&settings)
        return ComposeEngine(settings)
    }

    /// Records a release of these services and prepares it.
    func deploy(
        _ services: [String: JSONValue], roles: [String: ServiceRole], at place: Placement,
        by engine: ComposeEngine
    ) async throws {
        try await record(services, roles: roles, as: place.release, by: engine)
        try await engine.prepare(place, kind: .deploy)
    }

    /// - Returns: what is told of shared services.
    @discardableResult
    func record(
        _ services: [String: JSONValue], roles: [String: ServiceRole], as release: ReleaseID,
        by engine: ComposeEngine
    ) async throws -> [String] {
        let project = ComposeProject(
            app: app, model: ["name": .string(app), "services": .object(services)])
        let draft = try ComposeDraft(
            engine, project, roles.mapValues { ServiceSettings(role: $0) }, [:])
        return try await draft.record(as: release)
    }

    func start(
        _ service: String, _ role: ServiceRole, at place: Placement, by engine: ComposeEngine
    ) async throws -> StartResult {
        try await engine.start(
            PlannedReplica(PlannedService(name: service, role: role), 1), of: place)
    }

    func container(_ service: String, _ colour: Colour? = nil) async throws -> ListedContainer? {
        try await api.containers(labels: ["teal.app=\(app)"]).first {
            $0.replica?.service == service && $0.placement?.colour == colour
        }
    }

    func policy(_ container: ListedContainer?) async throws -> String? {
        guard let container else { return nil }
        return try await api.inspectContainer(container.id)?.hostConfig.restartPolicy?.name
    }

    func weight(_ container: ListedContainer?) async throws -> Int? {
        guard let container else { return nil }
        return try await api.inspectContainer(container.id)?.hostConfig.processorWeight
    }

    /// Returns once it is so, or after ten seconds; the caller looks at what came of it.
    func until(_ isSo: () async throws -> Bool) async throws {
        let clock = SystemClock()
        let deadline = clock.now + .seconds(10)
        while try await !isSo(), clock.now < deadline {
            try await clock.sleep(until: clock.now + .milliseconds(50))
        }
    }

    func docker(_ arguments: String...) async throws -> CommandResult {
        try await runner.run(Command("docker", arguments))
    }
}

extension ComposeEngine {
    /// What is told of shared services when the release is recorded.
    func sharedNotices(of release: ReleaseID) async throws -> [String] {
        try await sharedNotices(of: try folder(of: release).read())
    }
}
