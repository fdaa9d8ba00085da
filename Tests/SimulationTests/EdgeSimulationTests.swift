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
        for seed in UInt64(1)...30 {
            var life = SwarmLife(seed: seed, in: folder)
            let violations = await life.live(runs: 5)
            #expect(violations.isEmpty)
            if !violations.isEmpty { return }
            tally.merge(life.tally)
            troubles.merge(life.swarm.with { $0.tally }, uniquingKeysWith: +)
        }
        print(tally, troubles)
        // Lives that never get anywhere, or that nothing befalls, would hold every invariant.
        #expect(tally.outcomes[.promoted, default: 0] > 25)
        #expect(tally.outcomes[.rolledBack, default: 0] > 5)
        #expect(tally.canaries[.promoted, default: 0] > 1)
        for trouble in ["cut", "frozen", "off", "forgotten", "refused", "leaderless", "deaths"] {
            #expect(troubles[trouble, default: 0] > 4, "\(trouble)")
        }
    }

    @Test("A planted bug breaks an invariant", arguments: SimulatedSwarm.Flaw.allCases)
    func plantedBugsAreFound(flaw: SimulatedSwarm.Flaw) async {
        for seed in UInt64(1)...200 {
            var life = SwarmLife(seed: seed, in: folder, flaw: flaw)
            let violations = await life.live(runs: 5)
            if !violations.isEmpty {
                print(flaw, violations[0])
                return
            }
        }
        Issue.record("200 lives with the flaw \(flaw) went by without a violation")
    }
}
