import BlueGreen
import Orchestration
import TestSupport
import Testing

@Suite("Simulated lives of the edges of a swarm")
struct EdgeSimulationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("No edge sends to a colour that does not run, and all end as the record says")
    func invariantsHold() async {
        var tally = SimulatedTally()
        var troubles: [String: Int] = [:]
        for seed in UInt64(1)...25 {
            var life = SwarmLife(seed: seed, in: folder)
            let violations = await life.live(runs: 5)
            #expect(violations.isEmpty)
            if !violations.isEmpty { return }
            tally.merge(life.tally)
            troubles.merge(life.swarm.with { $0.tally }, uniquingKeysWith: +)
        }
        // Lives that never get anywhere, or that nothing befalls, would hold every invariant.
        #expect(tally.outcomes[.promoted, default: 0] > 20)
        #expect(tally.outcomes[.rolledBack, default: 0] > 5)
        #expect(tally.canaries[.promoted, default: 0] > 1)
        for trouble in ["cut", "frozen", "off", "forgotten", "refused", "leaderless", "deaths"] {
            #expect(troubles[trouble, default: 0] > 4, "\(trouble)")
        }
    }

    @Test("The same seed gives the same life")
    func repeats() async throws {
        var ends: [[String]] = []
        for _ in 1...2 {
            // A node remembers its epochs on disk.
            var life = SwarmLife(seed: 2, in: try TemporaryFolder())
            _ = await life.live(runs: 5)
            let troubles = life.swarm.with { $0.tally }.sorted { $0.key < $1.key }
            let (now, acts) = life.host.with { ($0.now, $0.acts) }
            ends.append(["\(troubles)", "\(now)", "\(acts)"])
        }
        #expect(ends[0] == ends[1])
    }

    @Test("A planted bug breaks an invariant", arguments: SimulatedSwarm.Flaw.allCases)
    func plantedBugsAreFound(flaw: SimulatedSwarm.Flaw) async {
        for seed in UInt64(1)...200 {
            var life = SwarmLife(seed: seed, in: folder, flaw: flaw)
            if await !life.live(runs: 5).isEmpty { return }
        }
        Issue.record("200 lives with the flaw \(flaw) went by without a violation")
    }
}
