import BlueGreen
import Orchestration
import TestSupport

/// The ports of a simulated host. One value plays them all, since they share one world.
struct SimulatedPorts: Sendable {
    let host: SimulatedHost
    /// Throws while an edge may send requests to the colour; the engine asks it before it stops
    /// anything of one, as that of a swarm does.
    var refuseHeld: @Sendable (Colour) async throws -> Void = { _ in }

    var ports: Ports {
        Ports(
            engine: self, source: self, router: self, edge: self, observer: self, probe: self,
            store: self,
            gauge: self, clock: self,
            reporter: self, hooks: HookRunners(host: self, services: self))
    }
}

/// The files of the app on the day of a deploy.
extension SimulatedPorts: ReleaseSource {
    func findPrograms() async throws { try host.act("find programs") { _ in } }

    func draft() async throws -> any ReleaseDraft {
        Draft(services: try host.act("draft") { $0.drafted }, host: host)
    }

    private struct Draft: ReleaseDraft {
        let services: [PlannedService]
        let host: SimulatedHost
        var notices: [String] { [] }

        func checkRoom() throws { try host.act("check room") { _ in } }

        func record(as release: ReleaseID) async throws -> [String] {
            try host.act("record") { _ in [] }
        }

        func obstacles() async throws -> [Obstacle] { [] }

        func imageNotices() async throws -> [String] { [] }

        func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom? { nil }

        func forecast(
            at candidate: Placement, beside active: Placement?, with services: [PlannedService]
        ) async throws -> SetForecast {
            throw SimulatedHost.Fault()
        }
    }
}

extension SimulatedPorts: Announcer {
    func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async {
        host.with { state in
            guard state.isPowered else { return }
            state.announced[deployment.number] = deployment.outcome
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
                state.memory.see(sample, state.rest.rule)
                return sample
            }
        } catch {
            host.with { state in
                state.rest.goBlind()
                state.memory.goBlind()
            }
            throw error
        }
    }
}

extension SimulatedPorts: WallClock, Reporter {
    var now: Timestamp { host.with { $0.now } }

    func sleep(until moment: Timestamp) async throws {
        try await waitForSignal()
        try Task.checkCancellation()
        if host.with({ $0.flaw != .missesBeats }) {
            try await host.driver.pass(to: moment) { pass(to: $0) }
        }
        pass(to: max(now, moment) + .milliseconds(1))
    }

    private func pass(to moment: Timestamp) {
        host.with { state in
            let next = max(state.now, moment)
            state.load.pass(from: state.now, to: next)
            state.now = next
            state.killForMemory()
        }
    }

    func beats(every interval: Duration) -> any Beats {
        host.driver.begin(every: interval, at: now)
    }

    func report(_ event: ProgressEvent) {}

    /// Far more than a cancellation takes.
    private static let patience = 100_000

    /// A signal that is due comes here and ends the act that waits. So everything after it depends
    /// on the seed alone, and not on the order of the loop's tasks.
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
        for _ in 0..<Self.patience {
            if Task.isCancelled { throw CancellationError() }
            await Task.yield()
        }
        // What is mended before a deployment goes on is not ended by it.
    }
}
