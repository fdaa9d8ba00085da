import BlueGreen
import Orchestration
import Synchronization
import TestSupport

/// Ports that answer from a script and note what was asked. What a test has not scripted is
/// recorded as an issue by the test's own expectation on `calls`.
final class ScriptedHost: Sendable {
    struct Script {
        var now = Sample.moment
        var live: Colour? = .blue
        var canary: Share?
        var divertError: String?
        /// What nginx saw, in order; the last one stays.
        var figures: [[Colour: RequestFigures]] = [[:]]
        var observerError: String?
        /// Containers that ended since traffic came, in order of being asked; the last one stays.
        var endings: [[ContainerEnding]] = [[]]
        /// The engine does not tell what ended, or what is.
        var endingsError: String?
        var engineError: String?
        /// Looks at the containers, in order; the last one stays.
        var looks: [[Container]] = [[]]
        /// Probe results, in order; the last one stays.
        var probes: [ProbeResult] = [.passed]
        var remaining: [RemainingTraffic] = [RemainingTraffic(connections: 0, oldWorkers: 0)]
        var listening: [Int] = []
        /// Containers that run before they are started.
        var running: Set<String> = []
        var memoryUse: [String: ByteCount] = [:]
        var memoryPeaks: [String: ByteCount] = [:]
        var memorySaved: [ReleaseID: [String: ByteCount]] = [:]
        /// Samples of the host, in order; the last one stays. Their moments are those of the clock.
        var samples: [HostSample] = [Sample.roomyHost]
        /// Nothing can be read of the host, or of what its containers hold.
        var gaugeError: String?
        var memoryError: String?
        /// Moves of traffic to this colour fail.
        var switchError: (colour: Colour, reason: String)?
        /// The link stays when traffic is taken from both colours.
        var ignoresTakingDown = false
        var routerError: String?
        /// How hooks end, in order; the last one stays.
        var hookEndings: [HookEnding] = [.exited(0)]
        /// What each hook prints.
        var hookLines: [String] = []
        var hookError: String?
        /// Hooks run until they are ended.
        var hooksHang = false
        /// The mark of the hook that runs, or did when its run died.
        var hookTrace: String?
        var previewURL: String?
        /// What hooks were told of it, in order.
        var toldURLs: [String?] = []
        var confirmError: String?
        var deployments: [Deployment] = []
        var releases: [Release] = []
        var calls: [String] = []
        var events: [ProgressEvent] = []
    }

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private let script: Mutex<Script>

    init(_ prepare: (inout Script) -> Void = { _ in }) {
        var script = Script()
        prepare(&script)
        self.script = Mutex(script)
    }

    func with<Value: Sendable>(_ body: (inout Script) throws -> Value) rethrows -> Value {
        try script.withLock { script in try body(&script) }
    }

    var calls: [String] { with { $0.calls } }

    var ports: Ports {
        ports(ScriptedSource(host: self, services: [Sample.api, Sample.web]))
    }

    func ports(_ source: any ReleaseSource) -> Ports {
        Ports(
            engine: self, source: source, router: self, observer: self, probe: self, store: self,
            gauge: self, clock: self,
            reporter: self, hooks: HookRunners(host: self, services: self))
    }

    func note(_ call: String) {
        with { $0.calls.append(call) }
    }
}

extension Array {
    fileprivate mutating func takeFirstButKeepLast() -> Element? {
        count > 1 ? removeFirst() : first
    }
}

extension ScriptedHost: ContainerEngine {
    var name: String { "Docker" }

    func containers() async throws -> [Container] {
        if let reason = with({ $0.engineError }) { throw Refusal(description: reason) }
        return with { $0.looks.takeFirstButKeepLast() ?? [] }
    }

    func prepare(_ placement: Placement, kind: DeploymentKind) async throws {
        note("prepare \(placement.colour)")
    }

    func start(
        _ container: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        note("start \(container.replica)")
        return with { $0.running.contains("\(container.replica)") } ? .ranAlready : .started
    }

    func stopSingletons(of colour: Colour, and services: Set<String>) async throws {
        note("stop singletons of \(colour): \(services.sorted())")
    }

    func memoryUse() async throws -> [String: ByteCount] {
        if let reason = with({ $0.memoryError }) { throw Refusal(description: reason) }
        return with { $0.memoryUse }
    }

    func keepRunning(_ placement: Placement) async throws { note("keepRunning") }
    func stop(_ colour: Colour) async throws { note("stop \(colour)") }
    func remove(_ colour: Colour, _ haste: Haste) async throws { note("remove \(colour)") }

    func remove(_ placement: Placement, _ haste: Haste) async throws {
        note("remove \(placement.colour) \(placement.release)")
    }

    func logs(of container: Container, lines: Int) async throws -> [String] {
        ["the last line of \(container.replica)"]
    }

    func endings(in placement: Placement, since: Timestamp) async throws -> [ContainerEnding] {
        if let reason = with({ $0.endingsError }) { throw Refusal(description: reason) }
        return with { $0.endings.takeFirstButKeepLast() ?? [] }
    }

    func listeningPorts(of container: Container) async throws -> [Int] {
        with { $0.listening }
    }

    func execute(
        _ command: [String], in container: Container, timeout: Duration
    ) async throws -> ProbeResult {
        with { $0.probes.takeFirstButKeepLast() ?? .passed }
    }

    func routes(for services: [PlannedService], in colour: Colour) async throws -> [Route] {
        services.filter { $0.port != nil }.map {
            Route(service: $0.name, endpoints: ["\(colour):\($0.port ?? 0)"])
        }
    }

    func discardReleases(except kept: Set<ReleaseID>) async throws {
        note("discard")
    }
}

extension ScriptedHost: TrafficRouter {
    func prepare() async throws {
        note("router.prepare")
        if let reason = with({ $0.routerError }) { throw Refusal(description: reason) }
    }

    func arm(_ table: RoutingTable) async throws {
        note("arm \(table.blue.flatMap(\.endpoints)) \(table.green.flatMap(\.endpoints))")
    }

    func route(_ division: Division) async throws {
        switch division {
        case .nobody: try switchTraffic(to: nil)
        case .all(let colour): try switchTraffic(to: colour)
        case .share(let share, let colour):
            note("divert \(share.text) to \(colour)")
            if let reason = with({ $0.divertError }) { throw Refusal(description: reason) }
            with { $0.canary = share }
        }
    }

    private func switchTraffic(to colour: Colour?) throws {
        try with { script in
            script.calls.append("switch \(colour?.rawValue ?? "none")")
            if let refusal = script.switchError, refusal.colour == colour {
                throw Refusal(description: refusal.reason)
            }
            if colour == nil, script.ignoresTakingDown { return }
            script.live = colour
            script.canary = nil
        }
    }

    func confirm(_ division: Division) async throws {
        switch division {
        case .nobody: note("confirm none")
        case .all(let colour): note("confirm \(colour)")
        case .share(let share, let colour): note("confirm \(share.text) to \(colour)")
        }
        if let reason = with({ $0.confirmError }) { throw Refusal(description: reason) }
    }

    func setMaintenance(_ maintenance: Maintenance) async throws {
        note("maintenance \(maintenance)")
    }

    func traffic() throws -> Traffic { with { Traffic($0.live, canary: $0.canary) } }

    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        with {
            $0.remaining.takeFirstButKeepLast() ?? RemainingTraffic(connections: 0, oldWorkers: 0)
        }
    }

    func previewURL() async throws -> String? { with { $0.previewURL } }

    func remove() async throws { note("router.remove") }
}

extension ScriptedHost: TrafficObserver {
    func begin(until: Timestamp) async throws {
        note("watch")
        if let reason = with({ $0.observerError }) { throw Refusal(description: reason) }
    }

    func look() async throws -> [Colour: RequestFigures] {
        if let reason = with({ $0.observerError }) { throw Refusal(description: reason) }
        return with { $0.figures.takeFirstButKeepLast() ?? [:] }
    }

    func end() async throws { note("end watch") }
}

extension ScriptedHost: HealthProbe, WallClock, Reporter {
    func probe(_ check: HealthCheck, at address: String) async -> ProbeResult {
        with { $0.probes.takeFirstButKeepLast() ?? .passed }
    }

    var now: Timestamp { with { $0.now } }

    func sleep(until moment: Timestamp) async throws {
        try Task.checkCancellation()
        with { $0.now = max($0.now, moment) }
        await Task.yield()
    }

    func report(_ event: ProgressEvent) {
        with { $0.events.append(event) }
    }
}

extension ScriptedHost: HookRunner {
    func run(
        _ hook: Hook, _ circumstances: HookCircumstances,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        note("hook \(hook.text) at \(circumstances.point.rawValue)")
        with { $0.toldURLs.append(circumstances.previewURL) }
        with { $0.hookLines }.forEach(onLine)
        if with({ $0.hooksHang }) {
            while !Task.isCancelled { await Task.yield() }
            throw CancellationError()
        }
        if let reason = with({ $0.hookError }) { throw Refusal(description: reason) }
        return with { $0.hookEndings.takeFirstButKeepLast() ?? .exited(0) }
    }
}

extension ScriptedHost: HookTraces {
    func begin(_ mark: String) throws { with { $0.hookTrace = mark } }
    func forget() throws { with { $0.hookTrace = nil } }

    func endRemains() async throws -> [Int] {
        guard let mark = with({ $0.hookTrace }) else { return [] }
        note("end what is left of \(mark)")
        with { $0.hookTrace = nil }
        return [4711]
    }
}

extension ScriptedHost: HostGauge {
    func sample() async throws -> HostSample {
        if let reason = with({ $0.gaugeError }) { throw Refusal(description: reason) }
        return with { script in
            let sample = script.samples.takeFirstButKeepLast() ?? Sample.roomyHost
            return sample.taken(at: script.now)
        }
    }
}

extension ScriptedHost: DeploymentStore {
    func save(memory seen: [String: ByteCount], of release: ReleaseID) async throws {
        with { script in
            script.memoryPeaks.merge(seen) { max($0, $1) }
            script.memorySaved[release, default: [:]].merge(seen) { max($0, $1) }
        }
    }

    func memoryPeaks() async throws -> [String: ByteCount] { with { $0.memoryPeaks } }

    func save(_ deployment: Deployment) async throws {
        with { script in
            script.deployments.removeAll { $0.number == deployment.number }
            script.deployments.insert(deployment, at: 0)
        }
    }

    func deployments(limit: Int) async throws -> [Deployment] {
        with { Array($0.deployments.prefix(limit)) }
    }

    func save(_ release: Release) async throws { with { $0.releases.insert(release, at: 0) } }
    func releases() async throws -> [Release] { with { $0.releases } }

    func deleteRelease(_ id: ReleaseID) async throws {
        with { $0.releases.removeAll { $0.id == id } }
    }
}
