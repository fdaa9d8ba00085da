import BlueGreen
import Orchestration
import TestSupport

/// The ports of a simulated host. One value plays them all, since they share one world.
struct SimulatedPorts: Sendable {
    let host: SimulatedHost

    var ports: Ports {
        Ports(
            engine: self, source: self, router: self, observer: self, probe: self, store: self,
            gauge: self, clock: self,
            reporter: self, hooks: HookRunners(host: self, services: self))
    }
}

/// What the files of the app say on the day of a deploy.
extension SimulatedPorts: ReleaseSource {
    func findPrograms() async throws { try host.act("find programs") { _ in } }

    func draft() async throws -> any ReleaseDraft {
        Draft(services: try host.act("draft") { $0.drafted }, host: host)
    }

    private struct Draft: ReleaseDraft {
        let services: [PlannedService]
        let host: SimulatedHost
        var notices: [String] { [] }

        func record(as release: ReleaseID) async throws -> [String] {
            try host.act("record") { _ in [] }
        }

        func forecast(
            at candidate: Placement, beside active: Placement?, with services: [PlannedService]
        ) async throws -> SetForecast {
            throw SimulatedHost.Fault()
        }
    }
}

extension SimulatedPorts: Announcer {
    func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async {
        host.with { $0.announced[deployment.number] = deployment.outcome }
    }
}

extension SimulatedPorts: TrafficRouter {
    func prepare() async throws {
        try host.act("router.prepare") { _ in }
    }

    func arm(_ table: RoutingTable) async throws {
        try host.act("arm") { state in
            state.armedOnDisk = table
            state.armed = table
        }
    }

    func route(_ division: Division) async throws {
        switch division {
        case .nobody: try switchTraffic(to: nil)
        case .all(let colour): try switchTraffic(to: colour)
        case .share(let share, let colour): try divert(share, to: colour)
        }
    }

    func confirm(_ division: Division) async throws {
        switch division {
        case .nobody: try confirm(colour: nil)
        case .all(let colour): try confirm(colour: colour)
        case .share(let share, let colour): try confirmDiversion(of: share, to: colour)
        }
    }

    private func switchTraffic(to colour: Colour?) throws {
        try host.act("rename") { state in
            if state.live != colour { state.linkBefore = state.live }
            state.live = colour
            state.watchedUntil = nil
            if state.flaw != .forgetsTheCanary {
                state.canary = nil
                state.canaryRouted = nil
            }
            state.rest.isOver()
            if colour == nil, state.current?.previous == nil { state.mustServe = false }
            if !state.needsReload { state.route(to: colour) }
        }
        try host.act("reload") { state in
            let isIgnored = state.silentReloadRate.map { state.random.isOne(in: $0) } ?? false
            if state.needsReload, isIgnored { return }
            state.route(to: colour)
        }
    }

    private func confirm(colour: Colour?) throws {
        try host.act("confirm") { state in
            let looks =
                state.flaw != .confirmsWithoutLooking
                && !(state.flaw == .takesDownOnlyTheLink && colour == nil)
            if state.routed != colour, looks { throw SimulatedHost.Fault() }
        }
    }

    private func divert(_ share: Share, to colour: Colour) throws {
        try host.act("divert") { state in
            guard state.live == colour.other else { throw SimulatedHost.Fault() }
            state.canary = share
            state.canaryRouted = share
        }
    }

    private func confirmDiversion(of share: Share, to colour: Colour) throws {
        try host.act("confirm diversion") { state in
            guard state.routed == colour.other, state.canaryRouted == share else {
                throw SimulatedHost.Fault()
            }
        }
    }

    func setMaintenance(_ maintenance: Maintenance) async throws {
        try host.act("maintenance") { _ in }
    }

    func traffic() throws -> Traffic {
        try host.act("traffic") { state in
            Traffic(
                state.live, canary: state.canary, isWatched: state.watchedUntil != nil)
        }
    }

    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        try host.act("remainingTraffic") { state in
            RemainingTraffic(connections: state.random.isOne(in: 3) ? 0 : 2, oldWorkers: 0)
        }
    }

    func previewURL() async throws -> String? { nil }

    func remove() async throws {
        try host.act("router.remove") { state in
            state.armed = nil
            state.armedOnDisk = nil
        }
    }
}

extension SimulatedPorts: HealthProbe {
    func probe(_ check: HealthCheck, at address: String) async -> ProbeResult {
        host.with { state in
            let answering = state.containers.contains { container in
                container.address == address && state.isHealthy(container)
            }
            return answering ? .passed : .failed(.status(503))
        }
    }
}

extension SimulatedPorts: HostGauge {
    func sample() async throws -> HostSample {
        do {
            return try host.act("sample") { state in
                let sample = state.load.sample(at: state.now, beside: state.containers)
                state.rest.see(sample)
                return sample
            }
        } catch {
            host.with { $0.rest.goBlind() }
            throw error
        }
    }
}

extension SimulatedPorts: DeploymentStore {
    func save(memory seen: [String: ByteCount], of release: ReleaseID) async throws {
        try host.act("save memory") { $0.peaks[release, default: [:]].merge(seen) { max($0, $1) } }
    }

    func memoryPeaks() async throws -> [String: ByteCount] {
        try host.act("memoryPeaks") { state in
            state.peaks.values.reduce(into: [:]) { all, seen in all.merge(seen) { max($0, $1) } }
        }
    }

    func save(_ deployment: Deployment) async throws {
        try host.act("save") { state in
            if state.deployments[deployment.number] == nil { state.begin() }
            state.deployments[deployment.number] = deployment
            state.current = deployment
            state.rest.note(deployment.position, at: state.now)
        }
    }

    func deployments(limit: Int) async throws -> [Deployment] {
        try host.act("deployments") { state in
            Array(state.deployments.values.sorted { $0.number > $1.number }.prefix(limit))
        }
    }

    func save(_ release: Release) async throws {
        try host.act("save release") { $0.releases.append(release) }
    }

    func releases() async throws -> [Release] {
        try host.act("releases") { $0.releases.sorted { $0.id > $1.id } }
    }

    func deleteRelease(_ id: ReleaseID) async throws {
        try host.act("delete release") { state in
            if state.flaw == .keepsFailedReleases { return }
            state.releases.removeAll { $0.id == id }
            state.peaks[id] = nil
        }
    }
}

extension SimulatedPorts: WallClock, Reporter {
    var now: Timestamp { host.with { $0.now } }

    func sleep(until moment: Timestamp) async throws {
        try await waitForSignal()
        try Task.checkCancellation()
        host.with { state in
            let next = max(state.now, moment) + .milliseconds(1)
            state.load.pass(from: state.now, to: next)
            state.now = next
        }
    }

    func report(_ event: ProgressEvent) {}

    /// A signal that is due comes here and ends the act that waits, in whatever order the tasks
    /// of the loop are run: what follows depends on the seed alone.
    func waitForSignal() async throws {
        let due: Interruption? = host.with { state in
            guard let left = state.signalIn, state.current?.isInterruptible ?? false else {
                return nil
            }
            state.signalIn = left > 1 ? left - 1 : nil
            return left > 1 ? nil : state.interruption
        }
        guard let due else { return }
        due.receive("SIGTERM")
        while !Task.isCancelled { await Task.yield() }
        throw CancellationError()
    }
}

extension SimulatedHost.State {
    fileprivate mutating func route(to colour: Colour?) {
        if colour == nil, flaw == .takesDownOnlyTheLink { return }
        routed = colour
    }

    /// A new deployment begins.
    fileprivate mutating func begin() {
        rest.isOver()
        owed = Set(
            containers.filter { container in
                container.isRunning && container.hasPolicy && container.colour == live
                    && container.service.role == .singleton
            }.map(\.replica.service))
    }
}
