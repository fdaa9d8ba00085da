import BlueGreen
import TestSupport
import Testing

@Suite("The health gate")
struct HealthGateTests {
    private let check = HealthCheck(
        method: .tcp(port: 80), rise: 2, fall: 3, deadline: .seconds(10))

    private func gate(_ results: [ProbeResult], everySeconds step: Int = 1) -> HealthGate {
        var gate = HealthGate(check: check, since: Sample.moment)
        for (index, result) in results.enumerated() {
            gate.record(result, at: Sample.moment + .seconds(index * step))
        }
        return gate
    }

    @Test("It takes `rise` passes in a row to be healthy")
    func rise() {
        #expect(gate([.passed]).verdict == .undecided)
        let bad = ProbeResult.failed(.refused(port: 80))
        #expect(gate([.passed, bad, .passed]).verdict == .undecided)
        #expect(gate([bad, bad, .passed, .passed]).verdict == .healthy)
    }

    @Test("A healthy replica survives fewer than `fall` failures in a row")
    func fall() {
        let bad = ProbeResult.failed(.status(500))
        #expect(gate([.passed, .passed, bad, bad]).verdict == .healthy)
        #expect(gate([.passed, .passed, bad, bad, .passed, bad, bad]).verdict == .healthy)
        #expect(gate([.passed, .passed, bad, bad, bad]).verdict == .unhealthy)
    }

    @Test("Before it was ever healthy only the deadline makes a replica unhealthy")
    func deadline() {
        let bad = ProbeResult.failed(.status(503))
        #expect(gate(Array(repeating: bad, count: 10)).verdict == .undecided)
        let late = gate(Array(repeating: bad, count: 11))
        #expect(late.verdict == .unhealthy)
        #expect(late.failures == 11)
        #expect(late.lastFailure == .status(503))
    }

    @Test("A starting replica is asked at least every 50 ms, a known one at its interval")
    func pace() {
        let now = Sample.moment
        #expect(gate([]).nextProbe(after: now) - now == .milliseconds(50))
        #expect(gate([.passed, .passed]).nextProbe(after: now) - now == .seconds(1))
        let command = HealthCheck(method: .command(["true"]))
        #expect(
            HealthGate(check: command, since: now).nextProbe(after: now) - now == .seconds(1))
    }
}
