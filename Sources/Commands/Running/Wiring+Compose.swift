import BlueGreen
import DockerCompose
import DockerEngine
import HostSystem
import Orchestration

extension Wiring {
    /// Docker Compose and the daemon that the environment names.
    static func compose(
        _ app: AppContext, _ choices: ReleaseChoices, runner: any CommandRunner,
        environment: [String: String], reporter: any Reporter
    ) throws -> WiredEngine {
        let api = EngineAPI(try EngineEndpoint(environment: environment))
        var settings = ComposeEngine.Settings(
            app: app.name, stateDirectory: app.state.folder(of: app.name), runner: runner,
            tool: ComposeTool.search(
                environment: environment, endpoint: api.endpoint, runner: runner),
            api: api)
        settings.choices = choices
        settings.build = app.configuration.build
        settings.diskReserve = app.configuration.diskReserve
        settings.environment = environment
        settings.reporter = reporter
        settings.nginxContainer = app.configuration.nginx.container
        settings.traces = HookTraceFile(path: app.state.hook(of: app.name))
        let engine = ComposeEngine(settings)
        let files = ComposeProject.Source(
            app: app.name, files: app.file.composeFiles,
            envFiles: app.file.environmentFiles + choices.environmentFiles,
            directory: app.file.directory)
        return WiredEngine(
            engine: engine,
            source: ComposeSource(engine, files: files, services: app.configuration.services),
            command: { try await engine.composeCommand(for: $0, arguments: $1) },
            witnesses: { try await engine.confinementWitnesses() },
            shutDown: { try await api.shutDown() })
    }

    /// Whether the images of a project are looked at.
    enum ImageLook {
        case unseen
        /// Where a Docker daemon answers and has them.
        case present
    }

    /// Reads compose files for which there is no `teal.yml` yet. No Docker daemon has to answer.
    ///
    /// - Parameters:
    ///   - app: nil for the name that Compose gives the project.
    ///   - directory: relative paths in the files count from here.
    /// - Throws: `CommandsError.composeFile` with Compose's own words, or where there is no
    ///   Compose.
    static func outline(
        app: String?, _ files: [String], _ environmentFiles: [String], in directory: String,
        _ invocation: Invocation, images: ImageLook = .unseen
    ) async throws -> ProjectOutline {
        let source = ComposeProject.Source(
            app: app, files: files, envFiles: environmentFiles, directory: directory)
        let runner = SubprocessCommandRunner()
        do {
            let endpoint = try EngineEndpoint(environment: invocation.environment)
            let tool = try await ComposeTool.find(
                environment: invocation.environment, endpoint: endpoint, runner: runner)
            let project = try await ComposeProject.resolve(source, tool: tool, runner: runner)
            switch images {
            case .unseen: return project.outline
            case .present: return try await outline(of: project, lookingAt: endpoint)
            }
        } catch let error as DockerError {
            throw CommandsError.composeFile(reason: "\(error)")
        }
    }

    private static func outline(
        of project: ComposeProject, lookingAt endpoint: EngineEndpoint
    ) async throws -> ProjectOutline {
        let api = EngineAPI(endpoint)
        do {
            let outline = try await project.outline(lookingAt: api)
            try await api.shutDown()
            return outline
        } catch {
            try await api.shutDown()
            throw error
        }
    }
}
