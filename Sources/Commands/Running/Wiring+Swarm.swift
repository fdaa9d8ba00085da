import BlueGreen
import DockerEngine
import DockerSwarm
import HostSystem
import Orchestration

extension Wiring {
    /// Docker Swarm, by the daemon that the environment names, and the nginx of its nodes.
    static func swarm(
        _ app: AppContext, _ choices: ReleaseChoices, runner: any CommandRunner,
        environment: [String: String], clock: any WallClock,
        onArmed: @escaping @Sendable () -> Void
    ) throws -> (WiredEngine, WiredRouter) {
        let api = EngineAPI(try EngineEndpoint(environment: environment))
        let engine = SwarmEngine(
            SwarmEngine.Settings(
                app: app.name, stateDirectory: app.state.folder(of: app.name), runner: runner,
                tool: ComposeTool.search(
                    environment: environment, endpoint: api.endpoint, runner: runner),
                api: api, choices: choices, swarm: choicesOfSwarm(app.configuration),
                clock: clock))
        let files = ComposeProject.Source(
            app: app.name, files: app.file.composeFiles,
            envFiles: app.file.environmentFiles + choices.environmentFiles,
            directory: app.file.directory)
        let lease = SwarmLease(app: app.name, api: api, clock: clock)
        let wired = WiredEngine(
            engine: engine,
            source: SwarmSource(engine, files: files, services: app.configuration.services),
            command: { _, _ in throw CommandsError.notWithSwarm(verb: "compose") },
            witnesses: { [] }, shutDown: { try await api.shutDown() },
            lease: { try await lease.holding($0, waitingAtMost: $1, onWait: $2, $3) })
        var settings = SwarmEdges.Settings(
            site: site(app.configuration), image: app.configuration.edges.image ?? "")
        settings.nodes = app.configuration.edges.nodes == .managers ? .managers : .all
        settings.patience = app.configuration.swarm.switchTimeout
        var edges = SwarmEdges(settings, api: api, clock: clock)
        edges.onArmed = onArmed
        let router = edges
        return (
            wired,
            WiredRouter(
                router: router, inspection: router, edge: router, observer: UnwatchedEdges(),
                overview: { try await router.overview() })
        )
    }

    private static func choicesOfSwarm(_ configuration: AppConfiguration) -> SwarmChoices {
        SwarmChoices(
            ports: configuration.swarm.ports.mapValues { ColourPorts(blue: $0[0], green: $0[1]) },
            pins: configuration.swarm.pins)
    }

    private static func site(_ configuration: AppConfiguration) -> EdgeState.Site {
        let nginx = configuration.nginx
        return EdgeState.Site(
            app: configuration.app,
            services: configuration.services.filter { $0.value.port != nil }.keys.sorted(),
            mode: configuration.trafficSwitch, directory: nginx.directory, binary: nginx.binary,
            config: nginx.config, status: nginx.status,
            trustedProxies: nginx.trustedProxies.map(\.description))
    }
}
