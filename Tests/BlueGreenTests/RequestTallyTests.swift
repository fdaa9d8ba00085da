import BlueGreen
import Testing

@Suite("Requests counted on several hosts")
struct RequestTallyTests {
    @Test("Counts are added, and shares of slowness are those of all requests")
    func adds() {
        var all = RequestTally(requests: 90, errors: 0, turnedAway: 1, latencies: [10: 90])
        all.add(RequestTally(requests: 10, errors: 3, turnedAway: 0, latencies: [10: 4, 250: 6]))
        #expect(
            all.figures
                == RequestFigures(
                    requests: 100, errors: 3, turnedAway: 1, p50: .milliseconds(10),
                    p95: .milliseconds(250), p99: .milliseconds(250)))
        #expect(all.latencies == [10: 94, 250: 6])
    }

    @Test("Exactly 95 of 100 within a time are the 95th percentile")
    func boundary() {
        let tally = RequestTally(
            requests: 100, errors: 0, turnedAway: 0, latencies: [1: 95, 2: 4, 3: 1])
        let figures = tally.figures
        #expect(figures.p95 == .milliseconds(1))
        #expect(figures.p99 == .milliseconds(2))
    }

    @Test("Nothing added to nothing has figures of nothing")
    func nothing() {
        #expect(RequestTally.none.figures == .none)
    }
}
