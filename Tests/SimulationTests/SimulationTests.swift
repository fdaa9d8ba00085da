import BlueGreen
import Orchestration
import Testing

@Suite("Simulated lives of a host")
struct SimulationTests {
    @Test("One colour serves and a second run recovers after any fault and any loss of power")
    func invariantsHold() async {
        var tally = SimulatedTally()
        var hooksRun = 0
        var refusals = 0
        for seed in UInt64(1)...2_800 {
            var life = SimulatedLife(seed: seed)
            let violations = await life.live(runs: 6)
            #expect(violations.isEmpty)
            if !violations.isEmpty { return }
            tally.merge(life.tally)
            hooksRun += life.host.with { $0.hooksRun }
            refusals += life.host.with { $0.strangers.refusals }
        }
        // Lives that never get anywhere would hold every invariant.
        #expect(tally.outcomes[.promoted, default: 0] > 300)
        #expect(tally.outcomes[.aborted, default: 0] > 300)
        #expect(tally.outcomes[.rolledBack, default: 0] > 20)
        #expect(hooksRun > 3000)
        #expect(refusals > 100)
        #expect(tally.canaries[.promoted, default: 0] > 20)
        #expect(tally.canaries[.rolledBack, default: 0] > 8)
        #expect(tally.breaches > 12)
        #expect(tally.brokenEdges > 100)
        #expect(tally.waits > 100)
        #expect(tally.shortages > 20)
        #expect(tally.kills > 20)
        #expect(tally.madeRoom[.promoted, default: 0] > 20)
        #expect(tally.madeRoom[.rolledBack, default: 0] > 20)
    }

    @Test("A planted bug breaks an invariant", arguments: SimulatedHost.Flaw.allCases)
    func plantedBugsAreFound(flaw: SimulatedHost.Flaw) async {
        for seed in UInt64(1)...4_000 {
            var life = SimulatedLife(seed: seed, flaw: flaw)
            if await !life.live(runs: 6).isEmpty { return }
        }
        Issue.record("4,000 lives with the flaw \(flaw) went by without a violation")
    }
}
