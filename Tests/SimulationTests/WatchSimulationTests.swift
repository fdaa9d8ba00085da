import Testing

@Suite("Simulated watches")
struct WatchSimulationTests {
    @Test("No watch makes worse what it meets")
    func invariantsHold() async {
        var (restarts, rollbacks, circuits, notices, partial) = (0, 0, 0, 0, 0)
        for seed in UInt64(1)...400 {
            var life = WatchedLife(seed: seed)
            await life.live(rounds: 250)
            #expect(life.violations.isEmpty, "seed \(seed)")
            if !life.violations.isEmpty { return }
            restarts += life.restarts
            rollbacks += life.rollbacks
            circuits += life.circuits
            notices += life.notices
            partial += life.partialRounds
        }
        // Watches that never do anything would make nothing worse.
        #expect(restarts > 500)
        #expect(rollbacks > 10)
        #expect(circuits > 50)
        #expect(notices > 500)
        #expect(partial > 500)
    }

    @Test("A planted bug breaks an invariant", arguments: WatchedLife.Flaw.allCases)
    func plantedBugsAreFound(flaw: WatchedLife.Flaw) async {
        for seed in UInt64(1)...400 {
            var life = WatchedLife(seed: seed, flaw: flaw)
            await life.live(rounds: 250)
            if !life.violations.isEmpty { return }
        }
        Issue.record("400 lives with the flaw \(flaw) went by without a violation")
    }
}
