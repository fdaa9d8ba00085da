import BlueGreen
import Orchestration
import TestSupport

/// The ports of a simulated host. One value plays them all, since they share one world.
struct SimulatedPorts: Sendable {
    let host: SimulatedHost

    var ports: Ports {
        Ports(
            engine: self, router: self, probe: self, store: self, gauge: self, clock: self,
            reporter: self)
    }
}

extension SimulatedPorts: ContainerEngine {
    func containers() async throws -> [Container] {
        try host.act("containers") { state in
            state.crashWhatCrashes()
            return state.containers.map { container in
                Container(
                    id: "\(container.placement.release)/\(container.replica)",
                    name: "\(container.replica)", replica: container.replica, role: .exposed,
                    placement: container.placement,
                    state: container.isRunning
                        ? .running
                        : container.startedAt.milliseconds == 0
                            ? .created
                            : .exited(code: container.exitCode, outOfMemory: false),
                    address: container.isRunning ? "\(container.placement.colour)" : nil)
            }
        }
    }

    func prepare(_ placement: Placement, kind: DeploymentKind) async throws {
        try host.act("prepare") { state in
            state.containers.removeAll {
                $0.placement.colour == placement.colour && $0.placement != placement
            }
            let present = Set(state.containers.filter { $0.placement == placement }.map(\.replica))
            let services = state.releases.first { $0.id == placement.release }?.services ?? []
            for service in services {
                for index in 1...service.replicas {
                    let replica = Replica(service: service.name, index: index)
                    guard !present.contains(replica) else { continue }
                    state.containers.append(.init(placement: placement, replica: replica))
                }
            }
        }
    }

    func start(
        _ container: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        try host.act("start") { state in
            for index in state.containers.indices
            where state.containers[index].placement == placement
                && state.containers[index].replica == container.replica
                && !state.containers[index].isRunning
            {
                state.containers[index].isRunning = true
                state.containers[index].startedAt = state.now
                return .started
            }
            return .ranAlready
        }
    }

    func stopSingletons(of colour: Colour, and services: Set<String>) async throws {
        try host.act("stop singletons") { state in
            for index in state.containers.indices
            where state.containers[index].placement.colour == colour
                && services.contains(state.containers[index].replica.service)
            {
                state.containers[index].isRunning = false
                state.containers[index].comesBack = false
            }
        }
    }

    func memoryUse() async throws -> [String: ByteCount] {
        try host.act("memoryUse") { _ in [:] }
    }

    func keepRunning(_ placement: Placement) async throws {
        try host.act("keepRunning") { state in
            if state.flaw == .forgetsRestartPolicy { return }
            for index in state.containers.indices
            where state.containers[index].placement == placement {
                state.containers[index].comesBack = true
            }
        }
    }

    func stop(_ colour: Colour) async throws {
        try host.act("stop") { state in
            for index in state.containers.indices
            where (state.containers[index].placement.colour == colour)
                != (state.flaw == .stopsTheOther)
            {
                state.containers[index].isRunning = false
                state.containers[index].comesBack = false
            }
        }
    }

    func remove(_ colour: Colour, _ haste: Haste) async throws {
        try host.act("remove") { state in
            state.containers.removeAll {
                $0.placement.colour == colour || state.flaw == .removesBothColours
            }
        }
    }

    func remove(_ placement: Placement, _ haste: Haste) async throws {
        try host.act("remove") { state in
            state.containers.removeAll {
                $0.placement == placement || state.flaw == .removesBothColours
            }
        }
    }

    func logs(of container: Container, lines: Int) async throws -> [String] {
        try host.act("logs") { _ in ["a last line"] }
    }

    func listeningPorts(of container: Container) async throws -> [Int] {
        try host.act("listeningPorts") { _ in [] }
    }

    func execute(
        _ command: [String], in container: Container, timeout: Duration
    ) async throws -> ProbeResult {
        try host.act("execute") { _ in .passed }
    }

    func routes(for services: [PlannedService], in colour: Colour) async throws -> [Route] {
        try host.act("routes") { _ in
            services.filter { $0.port != nil }.map { service in
                Route(service: service.name, endpoints: ["\(colour):\(service.port ?? 0)"])
            }
        }
    }

    func discardReleases(except kept: Set<ReleaseID>) async throws {
        try host.act("discardReleases") { _ in }
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

    func switchTraffic(to colour: Colour?) async throws {
        try host.act("rename") { state in
            if state.live != colour { state.linkBefore = state.live }
            state.live = colour
            // The first switch of all may be taken back: nobody had traffic before it.
            if colour == nil { state.mustServe = false }
            if !state.needsReload || colour == nil { state.routed = colour }
        }
        try host.act("reload") { state in
            // A reload may report success while the master keeps the configuration of before.
            if state.needsReload, state.faultRate != nil, state.random.isOne(in: 8) { return }
            state.routed = colour
        }
    }

    func confirm(_ colour: Colour?) async throws {
        try host.act("confirm") { state in
            if state.routed != colour, state.flaw != .confirmsWithoutLooking {
                throw SimulatedHost.Fault()
            }
        }
    }

    func liveColour() throws -> Colour? {
        try host.act("liveColour") { $0.live }
    }

    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        try host.act("remainingTraffic") { state in
            RemainingTraffic(connections: state.random.isOne(in: 3) ? 0 : 2, oldWorkers: 0)
        }
    }

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
                "\(container.placement.colour)" == address && state.isHealthy(container)
            }
            return answering ? .passed : .failed(.status(503))
        }
    }
}

extension SimulatedPorts: HostGauge {
    func sample() async throws -> HostSample {
        try host.act("sample") { Sample.roomyHost.taken(at: $0.now) }
    }
}

extension SimulatedPorts: DeploymentStore {
    func save(memory seen: [String: ByteCount], of release: ReleaseID) async throws {
        try host.act("save memory") { _ in }
    }

    func memoryPeaks() async throws -> [String: ByteCount] {
        try host.act("memoryPeaks") { _ in [:] }
    }

    func save(_ deployment: Deployment) async throws {
        try host.act("save") { $0.deployments[deployment.number] = deployment }
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
        try host.act("delete release") { $0.releases.removeAll { $0.id == id } }
    }
}

extension SimulatedPorts: WallClock, Reporter {
    var now: Timestamp { host.with { $0.now } }

    func sleep(until moment: Timestamp) async throws {
        try Task.checkCancellation()
        host.with { $0.now = max($0.now, moment) + .milliseconds(1) }
    }

    func report(_ event: ProgressEvent) {}
}
