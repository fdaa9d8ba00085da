import BlueGreen
import Orchestration
import TestSupport

/// The clock of the process that deploys: while it waits, the swarm lives.
struct SwarmClock: WallClock {
    let swarm: SimulatedSwarm
    let ports: SimulatedPorts

    var now: Timestamp { ports.now }

    func sleep(until moment: Timestamp) async throws {
        guard swarm.host.with({ $0.isPowered }) else { throw SimulatedHost.PowerLoss() }
        await swarm.advance(to: moment)
        try await ports.sleep(until: moment)
    }

    func beats(every interval: Duration) -> any Beats { ports.beats(every: interval) }
}
