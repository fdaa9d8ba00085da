import BlueGreen
import TestSupport
import Testing

@Suite("The host settles")
struct HostSettlingTests {
    private let bounds = SettleBounds()

    /// A host whose processor was waited for so long, both in milliseconds.
    private func sample(_ milliseconds: Int, stalled: Int = 0) -> HostSample {
        HostSample(
            at: Sample.moment + .milliseconds(milliseconds), memoryAvailable: .mebibytes(500),
            memoryTotal: .mebibytes(1000), processorStalled: .milliseconds(stalled))
    }

    private func settling(notBefore: Int = 3000, until: Int = 63_000) -> HostSettling {
        HostSettling(
            bounds, notBefore: Sample.moment + .milliseconds(notBefore),
            until: Sample.moment + .milliseconds(until))
    }

    @Test("A host at rest has settled when the pause is over, and never before")
    func pause() {
        var wait = settling()
        for moment in stride(from: 0, to: 3000, by: 250) {
            #expect(wait.record(sample(moment)) == .unsettled([]))
        }
        #expect(wait.record(sample(3000)) == .settled)
    }

    @Test("Without a pause it takes a window of one second to know")
    func window() {
        var wait = settling(notBefore: 0)
        for moment in [0, 250, 500, 750, 999] {
            #expect(wait.record(sample(moment)) == .unsettled([]))
        }
        #expect(wait.record(sample(1000)) == .settled)
    }

    @Test("A burst is forgotten a window after it was over")
    func burst() {
        var wait = settling(notBefore: 0)
        var verdicts: [HostSettling.Verdict] = []
        for moment in stride(from: 0, through: 3000, by: 250) {
            verdicts.append(wait.record(sample(moment, stalled: min(moment, 2000))))
        }
        #expect(verdicts[8] == .unsettled([.processorPressure(Share(fraction: 1), most: most)]))
        // At 2.25 s three quarters of the last second were busy, at 2.5 s half of it was.
        #expect(verdicts.firstIndex(of: .settled) == 10)
    }

    private var most: Share { bounds.processorPressure }

    @Test("A host that stays busy is given up exactly at the bound")
    func bound() {
        var wait = settling(notBefore: 0, until: 5000)
        for moment in stride(from: 0, to: 5000, by: 250) {
            let verdict = wait.record(sample(moment, stalled: moment))
            if case .unsettled = verdict { continue }
            Issue.record("\(verdict) at \(moment)")
        }
        let strain = Strain.processorPressure(Share(fraction: 1), most: most)
        let last = wait.record(sample(5000, stalled: 5000))
        #expect(last == .givenUp([strain], bounds.widened(by: [strain])))
    }

    @Test("A load that did not go away during a whole wait is not waited for again")
    func ownLoad() {
        let own = Strain.processorPressure(Share(percent: 80), most: most)
        let wider = bounds.widened(by: [own])
        #expect(wider.processorPressure.text == "100%")
        #expect(wider.memoryPressure == bounds.memoryPressure)
        var wait = HostSettling(
            wider, notBefore: Sample.moment, until: Sample.moment + .seconds(60))
        _ = wait.record(sample(0))
        #expect(wait.record(sample(1000, stalled: 900)) == .settled)
    }

    @Test("A reading that was within bounds once during a wait keeps its bound")
    func passing() {
        var wait = settling(notBefore: 3000, until: 5000)
        for at in stride(from: 0, to: 3000, by: 250) { _ = wait.record(sample(at)) }
        for at in stride(from: 3000, to: 5000, by: 250) {
            _ = wait.record(sample(at, stalled: at - 2000))
        }
        guard case .givenUp(_, let next) = wait.record(sample(5000, stalled: 3000)) else {
            Issue.record("a busy host was not given up")
            return
        }
        #expect(next == bounds)
    }

    @Test("Memory is waited for again: its bound stays")
    func memoryStays() {
        let strain = Strain.memory(free: .mebibytes(1), wanted: bounds.memoryFree)
        #expect(bounds.widened(by: [strain]) == bounds)
    }

    @Test("Where nothing was out of bounds until the bound, there is nothing to warn of")
    func silentBound() {
        var wait = settling(notBefore: 0, until: 500)
        #expect(wait.record(sample(0)) == .unsettled([]))
        #expect(wait.record(sample(500)) == .settled)
    }

    @Test("A bound that lies before the pause's end does not shorten the pause")
    func reversed() {
        var wait = settling(notBefore: 3000, until: 1000)
        #expect(wait.record(sample(2000)) == .unsettled([]))
        #expect(wait.record(sample(3000)) == .settled)
    }

    @Test("The next look comes soon, and never after the bound")
    func pace() {
        let wait = settling(until: 5000)
        #expect(wait.nextSample(after: Sample.moment) == Sample.moment + .milliseconds(250))
        let late = Sample.moment + .milliseconds(4900)
        #expect(wait.nextSample(after: late) == Sample.moment + .seconds(5))
    }

    @Test("A27: A wait is told by what it was for: the pause first, then each bound")
    func waits() {
        var wait = settling(notBefore: 1000)
        for moment in stride(from: 0, through: 4000, by: 250) {
            _ = wait.record(sample(moment, stalled: min(moment, 3000)))
        }
        #expect(wait.waits[.pause] == .seconds(1))
        // Half of a second's window is free at 3.5 s.
        #expect(wait.waits[.processorPressure] == .milliseconds(2250))
        #expect(wait.waits[.look] == .milliseconds(750))
        #expect(
            wait.waits.text
                == "CPU pressure 2.3 s, start.pause 1 s, a look at the host 750 ms")
    }
}
