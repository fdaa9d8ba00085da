import BlueGreen
import HealthProbes
import HostSystem
import Nginx
import NIOCore
import Notices
import Orchestration
import Persistence

/// The only place that names concrete adapters.
struct Wiring: Sendable {
    let app: AppContext
    let clock: any WallClock
    let runner: any CommandRunner
    private let wiredRouter: WiredRouter
    /// One for the run: it remembers where to read.
    let gauge: any HostGauge
    private let wired: WiredEngine
    /// Kept open between the rounds of a watch.
    let watchStore: KeptStore<SQLiteWatchStore>
    /// Kept open likewise, and only for reading.
    let readStore: KeptStore<SQLiteDeploymentStore>
    private let invocation: Invocation
    private let choices: ReleaseChoices
    private let reporter: any Reporter

    /// One thread waits for Docker, nginx and the probes alike: none of them is ever busy. It can
    /// be said once in a process, and a verb that asks first makes two wirings.
    static let oneThread: Void = { NIOSingletons.groupLoopCountSuggestion = 1 }()

    init(
        _ app: AppContext, _ invocation: Invocation, clock: any WallClock,
        reporter: any Reporter, choices: ReleaseChoices = ReleaseChoices()
    ) throws {
        Self.oneThread
        self.app = app
        self.invocation = invocation
        self.clock = clock
        self.reporter = reporter
        self.choices = choices
        watchStore = KeptStore(app.state.watchStore(of: app.name)) {
            try SQLiteWatchStore.open($0)
        }
        readStore = KeptStore(app.state.store(of: app.name), canStayOpen: \.canStayOpen) {
            try SQLiteDeploymentStore.openForRepeatedReading($0)
        }
        let runner = SubprocessCommandRunner()
        self.runner = runner
        let wired: WiredEngine
        switch app.configuration.engine {
        case .compose:
            let router = try Self.router(
                app, runner: runner, clock: clock, onArmed: Self.remembering(app, reporter))
            wiredRouter = WiredRouter(
                router: router, inspection: router, edge: router,
                observer: NginxObserver(of: router))
            // The last to be made: what it holds open is given back by `closing`.
            wired = try Self.compose(
                app, choices, runner: runner, environment: invocation.environment,
                reporter: reporter)
        case .swarm:
            (wired, wiredRouter) = try Self.swarm(
                app, choices, runner: runner, environment: invocation.environment, clock: clock,
                reporter: reporter, onArmed: Self.remembering(app, reporter))
        }
        self.wired = wired
        gauge = ProcGauge(clock: clock, witnesses: wired.witnesses)
    }

    /// A state disk that is full must not keep nginx from being armed.
    private static func remembering(
        _ app: AppContext, _ reporter: any Reporter
    ) -> @Sendable () -> Void {
        {
            do {
                try app.remember()
            } catch {
                reporter.report(
                    .warning("The settings could not be kept for a day without teal.yml: \(error)"))
            }
        }
    }

    /// For verbs that only look: nobody listens to progress.
    static func looking<Result>(
        at app: AppContext, choices: ReleaseChoices = ReleaseChoices(),
        _ body: (Wiring) async throws -> Result
    ) async throws -> Result {
        let wiring = try Wiring(
            app, Invocation.current, clock: SystemClock(), reporter: ReporterGroup([]),
            choices: choices)
        return try await wiring.closing { try await body(wiring) }
    }

    /// The place of traffic, to be told beside an error that says nothing of it.
    ///
    /// - Returns: nil where the link does not tell, or cannot be read.
    func trafficByLink(_ note: @escaping @Sendable (String) -> Void) async -> Traffic? {
        do {
            switch try await router.readLink() {
            case .leads(let traffic): return traffic
            case .lost: return nil
            case .unwritten:
                // Files that are gone say nothing of where their nginx sends requests.
                let past = try await history(note).deployments(limit: 1)
                return past.isEmpty ? Traffic(nil) : nil
            }
        } catch {
            return nil
        }
    }

    /// nil where the app's lock on this host is enough.
    var lease: WiredEngine.Lease? { wired.lease }

    /// The run that writes to the app now, on whichever host.
    func lockHolder() async -> LockHolder? {
        if let own = FileLock.holder(of: app.state.lock(of: app.name)) { return own }
        return await wired.leaseHolder?()
    }

    var router: any TrafficRouter { wiredRouter.router }
    var nginx: any RouterInspection { wiredRouter.inspection }
    var readiness: any EngineReadiness { wired.engine }
    var housekeeping: any Housekeeping { wired.engine }

    /// Whether the app runs on several hosts, each with an nginx of its own.
    var hasNodes: Bool { wiredRouter.nodes != nil }

    /// The edges of a swarm; nil before the first deployment.
    ///
    /// - Throws: `CommandsError.notSwarm` where this host is the only edge.
    func edgeOverview() async throws -> EdgeOverview? {
        try await nodes().overview()
    }

    /// - Returns: the colours that the node's nginx may still send requests to.
    /// - Throws: `CommandsError.notSwarm` where this host is the only edge.
    func forgetEdge(_ node: String) async throws -> Set<Colour> {
        try await nodes().forget(node)
    }

    private func nodes() throws -> WiredNodes {
        guard let nodes = wiredRouter.nodes else {
            throw CommandsError.notSwarm(app: app.name)
        }
        return nodes
    }

    /// What happens to the app's containers from now on.
    func events() -> AsyncThrowingStream<ContainerEvent, any Error> { wired.engine.events() }

    /// Of the process.
    var environment: [String: String] { invocation.environment }

    /// Today's files of the app.
    var source: any ReleaseSource {
        TodaysFiles(app: app, environmentFiles: choices.environmentFiles, source: wired.source)
    }

    /// Whether a store that does not exist is made.
    enum StoreAccess {
        case reading
        case writing
    }

    /// The history of this host alone.
    static func storeForReading(_ app: AppContext) throws -> any DeploymentStore {
        try SQLiteDeploymentStore.openForReading(app.state.store(of: app.name))
    }

    /// The history, also as runs on other hosts have written it.
    ///
    /// - Parameter note: told where it may not be the newest.
    func history(_ note: @escaping @Sendable (String) -> Void) throws -> any DeploymentStore {
        wired.sharing(
            try SQLiteDeploymentStore.openForReading(app.state.store(of: app.name)), .reading,
            note)
    }

    /// As `history`, for those that need nothing else.
    static func readingHistory<Result>(
        of app: AppContext, note: @escaping @Sendable (String) -> Void,
        _ body: (any DeploymentStore) async throws -> Result
    ) async throws -> Result {
        switch app.configuration.engine {
        case .compose: try await body(try storeForReading(app))
        case .swarm: try await looking(at: app) { try await body(try $0.history(note)) }
        }
    }

    /// To be called once in a run to write: it opens the store.
    func ports(_ access: StoreAccess) throws -> Ports {
        let store =
            switch access {
            case .reading: try readStore.open()
            case .writing: try SQLiteDeploymentStore.open(app.state.store(of: app.name))
            }
        return ports(wired.sharing(store, access) { reporter.report(.note($0)) })
    }

    /// For a verb that goes on where the history cannot be written.
    func portsToMend() throws -> Ports {
        do {
            return try ports(.writing)
        } catch {
            reporter.report(.warning("\(error)"))
            return try ports(.reading)
        }
    }

    func ports(_ store: any DeploymentStore) -> Ports {
        Ports(
            engine: wired.engine, source: source, router: router,
            edge: wiredRouter.edge, observer: wiredRouter.observer,
            probe: NetworkProbe(),
            store: store, gauge: gauge, clock: clock, reporter: reporter,
            hooks: HookRunners(
                host: HostHookRunner(
                    app: app.name, directory: app.file.directory, runner: runner,
                    traces: HookTraceFile(path: app.state.hook(of: app.name))),
                services: wired.engine))
    }

    func deployer(_ ports: Ports, _ interruption: Interruption) -> AppDeployer {
        AppDeployer(
            ports, announcer: noticeAnnouncer(interruption), interruption: interruption)
    }

    /// A call of the engine's own program on the containers of the colour.
    func command(in colour: Colour, _ arguments: [String]) async throws -> Command {
        try await wired.command(colour, arguments)
    }

    /// - Parameter interruption: cuts the sending short.
    func noticeAnnouncer(_ interruption: Interruption) -> NoticeAnnouncer {
        var announcer = NoticeAnnouncer(
            NoticeOrigin(app: app.name, preview: app.configuration.preview?.url),
            to: app.configuration.notify.targets,
            by: NoticeSender(runner: runner, clock: clock), reporter: reporter,
            interruption: interruption)
        announcer.onSent = { await count($0, isDelivered: $1) }
        return announcer
    }

    /// Where nothing was ever watched there is no store, and none is made for it.
    private func count(_ event: NoticeEvent, isDelivered: Bool) async {
        let path = app.state.watchStore(of: app.name)
        guard FileSystem().exists(path) else { return }
        do {
            try await SQLiteWatchStore.open(path)
                .count(notice: event.rawValue, isDelivered: isDelivered)
        } catch {
            reporter.report(.warning("The notice could not be counted: \(error)"))
        }
    }

    /// Runs the body and gives back what the wiring holds open, however the body ends.
    func closing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            let result = try await body()
            try await wired.shutDown()
            return result
        } catch {
            // The body's own error is the one to tell.
            try? await wired.shutDown()
            throw error
        }
    }
}

/// A container engine with all that a run needs of it.
struct WiredEngine: Sendable {
    let engine: any ContainerEngine & HookRunner & Housekeeping & EngineReadiness
    let source: any ReleaseSource
    /// A call of the engine's own program on the containers of a colour, for `teal compose`.
    let command: @Sendable (Colour, [String]) async throws -> Command
    /// Whose cgroups show what the engine's containers are confined to.
    let witnesses: @Sendable () async throws -> [ConfinementWitness]
    /// To be called once, after the last use.
    let shutDown: @Sendable () async throws -> Void
    /// nil where the app's lock on this host is enough.
    var lease: Lease?
    /// The run on another host that has the lease now.
    var leaseHolder: (@Sendable () async -> LockHolder?)?
    /// The store of this host, with what runs on other hosts have recorded.
    var sharing: Sharing = { local, _, _ in local }

    /// Gets a function that is told where the records may not be the newest.
    typealias Sharing =
        @Sendable (
            any AdoptingDeploymentStore, Wiring.StoreAccess, @escaping @Sendable (String) -> Void
        ) -> any DeploymentStore

    /// Runs a body while no run on another host writes to the app. One that has to be waited for,
    /// at most so long, is told first.
    typealias Lease =
        @Sendable (
            LockHolder, Duration, (String) -> Void, () async throws -> ExitStatus
        ) async throws -> ExitStatus
}

/// A router of traffic with all that a run needs of it.
struct WiredRouter: Sendable {
    let router: any TrafficRouter
    let inspection: any RouterInspection
    let edge: any EdgeProbe
    let observer: any TrafficObserver
    /// nil where there is one edge, this host.
    var nodes: WiredNodes?
}

/// The edges of several hosts.
struct WiredNodes: Sendable {
    /// nil before the first deployment.
    let overview: @Sendable () async throws -> EdgeOverview?
    let forget: @Sendable (String) async throws -> Set<Colour>
}
