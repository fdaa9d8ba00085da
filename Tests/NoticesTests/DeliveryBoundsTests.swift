import BlueGreen
import TestSupport
import Testing

@testable import Notices

@Suite("Further attempts")
struct DeliveryBoundsTests {
    private let bounds = DeliveryBounds()
    private let now = Sample.moment

    private func pause(after failure: DeliveryFailure, of attempt: Int = 1) -> Duration? {
        bounds.pause(after: failure, of: attempt, at: now, until: now + .seconds(20))
    }

    private func answered(_ status: Int, wait: Duration? = nil) -> DeliveryFailure {
        .answered(status: status, text: "", retryAfter: wait)
    }

    @Test("The first pause is short, the second longer, and there is no third")
    func pauses() {
        #expect(pause(after: answered(500), of: 1) == .milliseconds(500))
        #expect(pause(after: answered(500), of: 2) == .seconds(2))
        #expect(pause(after: answered(500), of: 3) == nil)
    }

    @Test("A failure that a second attempt cannot better is not tried again")
    func final() {
        for status in [301, 400, 401, 403, 404, 410, 422] {
            #expect(pause(after: answered(status)) == nil)
        }
        #expect(pause(after: .notStarted(reason: "")) == nil)
        #expect(pause(after: .cancelled) == nil)
    }

    @Test("A failure that may pass by itself is tried again")
    func transient() {
        for status in [408, 429, 500, 502, 503, 504] {
            #expect(pause(after: answered(status)) != nil)
        }
        #expect(pause(after: .silent(.seconds(1))) != nil)
        #expect(pause(after: .unreachable(reason: "")) != nil)
        #expect(pause(after: .exited(1, text: "")) != nil)
    }

    @Test("A server that asks for time gets it, but not beyond the end")
    func retryAfter() {
        #expect(pause(after: answered(429, wait: .seconds(5))) == .seconds(5))
        #expect(pause(after: answered(429, wait: .milliseconds(1))) == .milliseconds(500))
        #expect(pause(after: answered(429, wait: .seconds(20))) == nil)
    }
}
