import BlueGreen
import Orchestration
import Testing

@Suite("Simulation")
struct SimulationTests {
    @Test("Whatever fails, and whenever power is lost, one colour serves and a second run recovers")
    func invariantsHold() async {
        var outcomes: [Outcome: Int] = [:]
        var madeRoom: [Outcome: Int] = [:]
        var canaries: [Outcome: Int] = [:]
        var (hooksRun, breaches, waits) = (0, 0, 0)
        for seed in UInt64(1)...1_000 {
            var life = SimulatedLife(seed: seed)
            let violations = await life.live(runs: 6)
            #expect(violations.isEmpty)
            if !violations.isEmpty { return }
            outcomes.merge(life.outcomes, uniquingKeysWith: +)
            madeRoom.merge(life.madeRoom, uniquingKeysWith: +)
            canaries.merge(life.canaries, uniquingKeysWith: +)
            breaches += life.breaches
            waits += life.waits
            hooksRun += life.host.with { $0.hooksRun }
        }
        // Lives that never get anywhere would hold every invariant.
        #expect(outcomes[.promoted, default: 0] > 300)
        #expect(outcomes[.aborted, default: 0] > 300)
        #expect(outcomes[.rolledBack, default: 0] > 20)
        #expect(hooksRun > 3000)
        #expect(canaries[.promoted, default: 0] > 20)
        #expect(canaries[.rolledBack, default: 0] > 8)
        #expect(breaches > 12)
        #expect(waits > 100)
        #expect(madeRoom[.promoted, default: 0] > 20)
        #expect(madeRoom[.rolledBack, default: 0] > 20)
    }

    @Test("A planted bug breaks an invariant", arguments: SimulatedHost.Flaw.allCases)
    func plantedBugsAreFound(flaw: SimulatedHost.Flaw) async {
        for seed in UInt64(1)...2_000 {
            var life = SimulatedLife(seed: seed, flaw: flaw)
            if await !life.live(runs: 6).isEmpty { return }
        }
        Issue.record("2,000 lives with the flaw \(flaw) went by without a violation")
    }
}
