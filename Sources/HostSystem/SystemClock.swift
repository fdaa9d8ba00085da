package import BlueGreen
import Glibc
import Orchestration

/// The host's wall clock for one run: read once, and from then on by the continuous clock. A clock
/// that is set meanwhile neither ends a wait early nor makes it endless.
package struct SystemClock: WallClock {
    private let began: Timestamp
    private let beganAt = ContinuousClock.now

    package init() {
        self.init { Self.wallTime }
    }

    /// - Parameter wallTime: asked once.
    init(wallTime: () -> Timestamp) {
        began = wallTime()
    }

    package var now: Timestamp { began + (ContinuousClock.now - beganAt) }

    private static var wallTime: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package func sleep(until moment: Timestamp) async throws {
        let wait = moment - now
        try Task.checkCancellation()
        if wait > .zero {
            // `now` is rounded down to a millisecond, so one more keeps the promise not to
            // return before the moment.
            try await Task.sleep(for: wait + .milliseconds(1), clock: .continuous)
        }
    }
}
