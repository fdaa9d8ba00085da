import BlueGreen
import DockerEngine
import DockerSwarm
import FoundationEssentials
import HostSystem
import Orchestration

extension Wiring {
    /// Docker Swarm, by the daemon that the environment names, and the nginx of its nodes.
    static func swarm(
        _ app: AppContext, _ choices: ReleaseChoices, runner: any CommandRunner,
        environment: [String: String], clock: any WallClock, reporter: any Reporter,
        onArmed: @escaping @Sendable () -> Void
    ) throws -> (WiredEngine, WiredRouter) {
        let api = EngineAPI(try EngineEndpoint(environment: environment))
        let logins = RegistryLogins(environment: environment, runner: runner)
        var edges = SwarmEdges(edgeSettings(app), api: api, clock: clock, logins: logins)
        edges.onArmed = onArmed
        let router = edges
        var settings = SwarmEngine.Settings(
            app: app.name, stateDirectory: app.state.folder(of: app.name), runner: runner,
            tool: ComposeTool.search(
                environment: environment, endpoint: api.endpoint, runner: runner),
            api: api, choices: choices, swarm: choicesOfSwarm(app.configuration), clock: clock)
        settings.environment = environment
        settings.build = app.configuration.build
        settings.logins = logins
        settings.reporter = reporter
        settings.refuseHeld = { try await router.refuseHeld($0) }
        settings.edges = { try await router.nodeNames() }
        settings.edgeImage = app.configuration.edges.image ?? ""
        let engine = SwarmEngine(settings)
        let files = ComposeProject.Source(
            app: app.name, files: app.file.composeFiles,
            envFiles: app.file.environmentFiles + choices.environmentFiles,
            directory: app.file.directory)
        let lease = SwarmLease(app: app.name, api: api, clock: clock)
        var wired = WiredEngine(
            engine: engine,
            source: SwarmSource(engine, files: files, services: app.configuration.services),
            command: { _, _ in throw CommandsError.notWithSwarm(verb: "compose") },
            witnesses: { [] }, shutDown: { try await api.shutDown() },
            lease: { try await lease.holding($0, waitingAtMost: $1, onWait: $2, $3) },
            leaseHolder: { await lease.holder() })
        wired.sharing = { local, access, note in
            switch access {
            case .reading:
                SharedView(local, app: app.name, api: api, clock: clock, note: note)
            case .writing: SharedRecord(local, app: app.name, api: api, clock: clock)
            }
        }
        return (
            wired,
            WiredRouter(
                router: router, inspection: router, edge: router, observer: SwarmObserver(edges),
                nodes: WiredNodes(
                    overview: { try await router.overview() },
                    forget: { try await router.forget($0) }))
        )
    }

    private static func edgeSettings(_ app: AppContext) -> SwarmEdges.Settings {
        let configuration = app.configuration
        var site = site(configuration)
        let page = app.file.maintenancePage
        // One that cannot be read stays as it is recorded; `check` and `deploy` name the reason.
        site.page = page.flatMap { try? Data(FileSystem().readBytes($0)) }
        var settings = SwarmEdges.Settings(site: site, image: configuration.edges.image ?? "")
        settings.keepsPage = page != nil && site.page == nil
        settings.nodes =
            switch configuration.edges.nodes {
            case .all: .all
            case .managers: .managers
            case .named(let names): .named(names)
            }
        settings.patience = configuration.swarm.switchTimeout
        settings.absent =
            switch configuration.swarm.absent {
            case .refuse: .refused
            case .proceed: .passedOver
            }
        return settings
    }

    private static func choicesOfSwarm(_ configuration: AppConfiguration) -> SwarmChoices {
        SwarmChoices(
            ports: configuration.swarm.ports.mapValues { ColourPorts(blue: $0[0], green: $0[1]) },
            pins: configuration.swarm.pins, registry: configuration.registry)
    }

    private static func site(_ configuration: AppConfiguration) -> EdgeState.Site {
        let nginx = configuration.nginx
        var site = EdgeState.Site(
            app: configuration.app,
            services: configuration.services.filter { $0.value.port != nil }.keys.sorted(),
            mode: configuration.trafficSwitch, directory: nginx.directory, binary: nginx.binary,
            config: nginx.config, status: nginx.status,
            trustedProxies: nginx.trustedProxies.map(\.description))
        site.healthPaths = configuration.healthPaths
        site.rollout = EdgeState.Rollout(
            isObserved: isObserved(configuration), steps: configuration.deployment.canary.steps,
            stickiness: configuration.stickiness)
        return site
    }
}
