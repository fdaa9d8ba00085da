import BlueGreen
import Testing

@testable import HostSystem

@Suite("The system's clock")
struct SystemClockTests {
    @Test("A sleep does not end before its moment, and one into the past ends at once")
    func sleeps() async throws {
        let clock = SystemClock()
        let moment = clock.now + .milliseconds(5)
        try await clock.sleep(until: moment)
        #expect(clock.now >= moment)
        try await clock.sleep(until: Timestamp(milliseconds: 0))
    }

    @Test("A cancelled sleep says so")
    func cancelled() async throws {
        let clock = SystemClock()
        let sleep = Task { try await clock.sleep(until: clock.now + .seconds(10_000)) }
        sleep.cancel()
        await #expect(throws: CancellationError.self) { try await sleep.value }
    }

    @Test("A clock that is set back during a run does not make its waits longer")
    func setBack() {
        var hour: Int64 = 24
        let clock = SystemClock {
            hour -= 1
            return Timestamp(milliseconds: hour * 3_600_000)
        }
        let first = clock.now
        #expect(clock.now >= first)
        #expect(first >= Timestamp(milliseconds: 23 * 3_600_000))
        #expect(hour == 23)
    }

    @Test("The wall clock shows a time of this century")
    func now() {
        #expect(SystemClock().now.rfc3339.hasPrefix("20"))
    }

    @Test("Entropy differs")
    func entropy() {
        #expect(Set((0..<64).map { _ in Randomness.entropy() }).count > 32)
    }
}
