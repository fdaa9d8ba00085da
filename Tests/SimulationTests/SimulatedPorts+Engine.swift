import BlueGreen
import DockerSwarm
import Orchestration

extension SimulatedPorts: ContainerEngine {
    var name: String { "Docker" }
    var runsOnThisHost: Bool { host.with { $0.edges.isEmpty } }

    func containers() async throws -> [Container] {
        try host.engineAct("containers") { state in
            state.crashWhatCrashes()
            state.loseLinkInRun()
            state.moveLinkToNobody()
            return state.containers.map { container in
                Container(
                    id: id(of: container), name: "\(container.replica)",
                    replica: container.replica, role: container.service.role,
                    placement: container.placement,
                    state: state.overlooks(container) || state.trusts(container)
                        || container.isRunning && !state.isHidden(container)
                        ? .running
                        : container.startedAt == nil
                            ? .created
                            : .exited(
                                code: container.exitCode, outOfMemory: container.isOOMKilled),
                    keepsRunning: container.hasPolicy,
                    address: container.isRunning ? container.address : nil)
            }
        }
    }

    private func id(of container: SimulatedContainer) -> String {
        "\(container.placement.release)/\(container.replica)"
    }

    func stops(since: Timestamp) async throws -> [ContainerStop] { [] }

    func endings(since: Timestamp) async throws -> [ContainerEnding] {
        try host.engineAct("endings") { state in
            if let number = state.current?.number { state.memory.tellKills(of: number) }
            return state.memory.kills.filter { $0.at >= since }.map { kill in
                ContainerEnding(
                    replica: kill.replica, placement: kill.placement, exitCode: 137,
                    isOutOfMemory: true, at: kill.at)
            }
        }
    }

    func obstacles(to candidate: Placement, _ kind: DeploymentKind) async throws -> [Obstacle] {
        var obstacles = try host.engineAct("engine.obstacles") { state in
            kind == .warmRollback ? [] : state.strangers.obstacles()
        }
        if kind == .warmRollback { return obstacles }
        do {
            try await refuseHeld(candidate.colour)
        } catch let error as SwarmError {
            obstacles.append(Obstacle("\(error)"))
        }
        return obstacles
    }

    func disturbances(of active: Placement) async throws -> [Disturbance] { [] }

    func reconnect() async throws -> [Reconnection] { [] }

    func prepare(_ placement: Placement, kind: DeploymentKind) async throws {
        try await waitForSignal()
        let others = host.with { state in
            state.containers.contains {
                $0.colour == placement.colour && $0.placement != placement
            }
        }
        if others { try await refuseHeld(placement.colour) }
        try host.engineAct("prepare") { state in
            if state.flaw == .replacesStrangers {
                state.strangers.compose(placement.colour)
            } else if state.strangers.isIn(placement.colour) {
                throw SimulatedHost.Fault()
            }
            state.remove { $0.colour == placement.colour && $0.placement != placement }
            let present = Set(state.containers.filter { $0.placement == placement }.map(\.replica))
            let services = state.releases.first { $0.id == placement.release }?.services ?? []
            for container in services.containers where !present.contains(container.replica) {
                state.containers.append(SimulatedContainer(container, of: placement))
            }
        }
    }

    func start(
        _ container: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        try await waitForSignal()
        return try host.engineAct("start") { state in
            let index = state.containers.firstIndex {
                $0.placement == placement && $0.replica == container.replica
            }
            guard let index else { throw SimulatedHost.Fault() }
            if state.containers[index].isRunning { return .ranAlready }
            if state.flaw == .startsNothingAgain, state.containers[index].startedAt != nil {
                return .ranAlready
            }
            state.checkStart(of: state.containers[index])
            let now = state.now
            state.containers[index].start(at: now)
            state.containers[index].appetite = state.appetites[placement.release] ?? .modest
            state.memory.begin(at: now)
            state.load.start(at: now)
            return .started
        }
    }

    func stopSingletons(of colour: Colour, and services: Set<String>) async throws -> [String] {
        try host.engineAct("stop singletons") { state in
            if state.flaw == .keepsSingletons { return }
            let isMeant = { (container: SimulatedContainer) in
                container.colour == colour
                    && (container.service.role == .singleton
                        || services.contains(container.replica.service))
            }
            state.halt("stop singletons", isMeant)
            for index in state.containers.indices where isMeant(state.containers[index]) {
                if state.flaw == .restartsSingletons {
                    state.containers[index].isStoppedByHand = false
                } else {
                    state.containers[index].hasPolicy = false
                }
            }
        }
        return []
    }

    func memoryUse() async throws -> [String: ByteCount] {
        try host.engineAct("memoryUse") { state in
            let running = state.containers.filter(\.isRunning)
            return Dictionary(
                uniqueKeysWithValues: running.map { (id(of: $0), $0.memory(at: state.now)) })
        }
    }

    func memoryUse(ofContainer id: String) async throws -> ByteCount? {
        try await memoryUse()[id]
    }

    func staleShared(beside release: ReleaseID) async throws -> [StaleShared] { [] }

    func keepRunning(_ placement: Placement, _ endurance: Endurance) async throws {
        try host.engineAct("keepRunning") { state in
            if state.flaw == .forgetsRestartPolicy { return }
            for index in state.containers.indices
            where state.containers[index].placement == placement
                && state.containers[index].isRunning
            {
                state.containers[index].hasPolicy = true
            }
        }
    }

    func stop(_ colour: Colour) async throws {
        try await refuseHeld(colour)
        try host.engineAct("stop") { state in
            let isWrong = state.flaw == .stopsTheOther
            state.halt("stop") { ($0.colour == colour) != isWrong }
        }
    }

    func stop(_ placement: Placement) async throws {
        if has(placement) { try await refuseHeld(placement.colour) }
        try host.engineAct("stop") { state in
            let isWrong = state.flaw == .stopsTheOther
            state.halt("stop") {
                isWrong ? $0.colour != placement.colour : $0.placement == placement
            }
        }
    }

    func remove(_ colour: Colour, _ haste: Haste) async throws {
        try await refuseHeld(colour)
        try host.engineAct("remove") { state in
            if state.flaw == .removesByProject { state.strangers.remove(colour) }
            let isWrong = state.flaw == .removesBothColours
            state.remove { $0.colour == colour || isWrong }
        }
    }

    func remove(_ placement: Placement, _ haste: Haste) async throws {
        if has(placement) { try await refuseHeld(placement.colour) }
        try host.engineAct("remove") { state in
            if state.flaw == .removesByProject { state.strangers.remove(placement.colour) }
            let isWrong = state.flaw == .removesBothColours
            state.remove { $0.placement == placement || isWrong }
        }
    }

    private func has(_ placement: Placement) -> Bool {
        host.with { state in state.containers.contains { $0.placement == placement } }
    }

    func restart(_ container: Container) async throws {
        try host.engineAct("restart") { state in
            let index = state.containers.firstIndex { id(of: $0) == container.id }
            guard let index else { throw SimulatedHost.Fault() }
            state.containers[index].start(at: state.now)
        }
    }

    /// Nothing is told: what happens is found by looking.
    func events() -> AsyncThrowingStream<ContainerEvent, any Error> {
        AsyncThrowingStream { $0.finish() }
    }

    func logs(of container: Container, lines: Int) async throws -> [String] {
        try host.engineAct("logs") { _ in ["a last line"] }
    }

    func listeners(of container: Container) async throws -> [Listener] {
        try host.engineAct("listeners") { _ in [] }
    }

    func execute(
        _ command: [String], in container: Container, timeout: Duration
    ) async throws -> ProbeResult {
        try host.engineAct("execute") { _ in .passed }
    }

    func routes(for services: [PlannedService], in colour: Colour) async throws -> [Route] {
        try host.engineAct("routes") { _ in
            services.filter { $0.port != nil }.map { service in
                Route(service: service.name, endpoints: ["\(colour):\(service.port ?? 0)"])
            }
        }
    }

    func discardReleases(except kept: Set<ReleaseID>) async throws {
        try host.engineAct("discardReleases") { _ in }
    }
}

extension SimulatedHost.State {
    fileprivate func overlooks(_ container: SimulatedContainer) -> Bool {
        flaw == .overlooksEvidence && container.placement == evidence?.placement
    }

    fileprivate func trusts(_ container: SimulatedContainer) -> Bool {
        flaw == .trustsAMovedLink && container.colour == movedTo
    }

    fileprivate func isHidden(_ container: SimulatedContainer) -> Bool {
        flaw == .keepsSingletons && container.service.role == .singleton
            && container.colour != live
    }
}
