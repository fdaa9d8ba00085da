import BlueGreen
import TestSupport
import Testing

@Suite("Whether anything ever had traffic")
struct PastTrafficTests {
    @Test("A first deployment that never gets to the switch leaves an app that had none")
    func first() {
        #expect(!Sample.deployment(previous: nil).mayHaveHadTraffic)
        #expect(!Sample.finished(.aborted, previous: nil).mayHaveHadTraffic)
    }

    @Test("A deployment with one before it, or one that was switched to, tells of traffic")
    func later() {
        #expect(Sample.finished(.aborted).mayHaveHadTraffic)
        for outcome in [Outcome.promoted, .unknown] {
            #expect(Sample.finished(outcome, previous: nil).mayHaveHadTraffic)
        }
    }
}
