import BlueGreen
import DockerCompose
import HealthProbes
import HostSystem
import NIOCore
import Nginx
import Notices
import Orchestration
import Persistence

/// The only place that names concrete adapters.
struct Wiring: Sendable {
    let app: AppContext
    let clock: any WallClock
    let runner: any CommandRunner
    let api: EngineAPI
    private let nginxRouter: NginxRouter
    /// One for the run: it remembers where to read.
    let gauge: any HostGauge
    private let invocation: Invocation
    private let reporter: any Reporter

    /// One thread waits for Docker, nginx and the probes alike: none of them is ever busy. It can
    /// be said once in a process, and a verb that asks first makes two wirings.
    private static let oneThread: Void = { NIOSingletons.groupLoopCountSuggestion = 1 }()

    init(
        _ app: AppContext, _ invocation: Invocation, clock: any WallClock,
        reporter: any Reporter
    ) throws {
        Self.oneThread
        self.app = app
        self.invocation = invocation
        self.clock = clock
        self.reporter = reporter
        runner = SubprocessCommandRunner()
        nginxRouter = try Self.router(app, runner: runner, clock: clock)
        let api = EngineAPI(try EngineEndpoint(environment: invocation.environment))
        self.api = api
        gauge = ProcGauge(clock: clock) { try await api.confinementWitnesses() }
    }

    var router: any TrafficRouter { nginxRouter }

    var nginx: any RouterInspection { nginxRouter }

    /// Of the process.
    var environment: [String: String] { invocation.environment }

    /// Whether a store that does not exist is made.
    enum StoreAccess {
        case reading
        case writing
    }

    static func storeForReading(_ app: AppContext) throws -> any DeploymentStore {
        try SQLiteDeploymentStore.openForReading(app.state.store(of: app.name))
    }

    func ports(_ engine: ComposeEngine, _ access: StoreAccess) throws -> Ports {
        let path = app.state.store(of: app.name)
        let store =
            switch access {
            case .reading: try SQLiteDeploymentStore.openForReading(path)
            case .writing: try SQLiteDeploymentStore.open(path)
            }
        return Ports(
            engine: engine, router: router, observer: NginxObserver(of: nginxRouter),
            probe: NetworkProbe(),
            store: store, gauge: gauge, clock: clock, reporter: reporter,
            hooks: HookRunners(
                host: HostHookRunner(
                    app: app.name, directory: app.file.directory, runner: runner,
                    traces: HookTraceFile(path: app.state.hook(of: app.name))),
                services: engine))
    }

    /// An engine for what needs no call of Compose: looking, stopping, a warm rollback. Finding
    /// out which Compose there is costs 100 ms.
    func engineWithoutCompose() -> ComposeEngine {
        engine(ComposeTool(call: ["docker", "compose"], version: "", environment: [:]))
    }

    func engine(
        _ tool: ComposeTool, pull: PullPolicy? = nil, build: BuildPolicy = .missing,
        updateShared: Set<String> = []
    ) -> ComposeEngine {
        var settings = ComposeEngine.Settings(
            app: app.name, stateDirectory: app.state.folder(of: app.name), runner: runner,
            tool: tool, api: api)
        settings.pull = pull
        settings.build = build
        settings.updateShared = updateShared
        settings.diskReserve = app.configuration.diskReserve
        settings.environment = invocation.environment
        settings.onOutput = { [reporter] in reporter.report(.output($0)) }
        return ComposeEngine(settings)
    }

    func composeTool() async throws -> ComposeTool {
        try await ComposeTool.find(
            environment: invocation.environment, endpoint: api.endpoint, runner: runner)
    }

    /// The user's compose files, resolved, and compared with `teal.yml`.
    ///
    /// - Parameter environmentFiles: beside those of `teal.yml`.
    /// - Throws: `CommandsError` where one of the files is wrong.
    func project(
        _ tool: ComposeTool, environmentFiles: [String] = []
    ) async throws -> ComposeProject {
        try app.file.checkEnvironmentFiles()
        try app.file.checkMaintenancePage()
        let source = ComposeProject.Source(
            app: app.name, files: app.file.composeFiles,
            envFiles: app.file.environmentFiles + environmentFiles,
            directory: app.file.directory)
        do {
            let project = try await ComposeProject.resolve(source, tool: tool, runner: runner)
            try app.check(against: project)
            try app.configuration.checkHooks(
                against: try project.plan(app.configuration.services))
            return project
        } catch let error as DockerComposeError {
            throw CommandsError.composeFile(reason: "\(error)")
        }
    }

    /// - Parameter interruption: what cuts the sending short.
    func announcement(_ interruption: Interruption) -> Announcement {
        Announcement(
            targets: app.configuration.notify.targets,
            sender: NoticeSender(runner: runner, clock: clock), clock: clock, reporter: reporter,
            interruption: interruption)
    }

    /// Removes the named volumes that were made for the app, by their label.
    func removeVolumes() async throws {
        let environment = ["DOCKER_HOST": api.endpoint.dockerHost]
        let listing = Command(
            "docker", ["volume", "ls", "--quiet", "--filter", "label=teal.app=\(app.name)"],
            environment: environment)
        let listed = try await runner.run(listing)
        guard listed.succeeded else {
            throw CommandsError.volumesNotRemoved(reason: listed.standardError)
        }
        let names = listed.standardOutput.split(whereSeparator: \.isNewline).map(String.init)
        guard !names.isEmpty else { return }
        let removed = try await runner.run(
            Command("docker", ["volume", "rm"] + names, environment: environment))
        guard removed.succeeded else {
            throw CommandsError.volumesNotRemoved(reason: removed.standardError)
        }
    }

    /// Runs the body and gives back what the wiring holds open, however the body ends.
    func closing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            let result = try await body()
            try await api.shutDown()
            return result
        } catch {
            // The body's own error is the one to tell.
            try? await api.shutDown()
            throw error
        }
    }
}
