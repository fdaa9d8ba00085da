import BlueGreen
import Orchestration
import Synchronization

/// Time that passes only by being slept.
final class ManualClock: WallClock {
    private let time = Mutex(Timestamp(milliseconds: 1_000_000))
    private let onSleep: @Sendable (Int) -> Void
    private let sleeps = Mutex(0)

    /// - Parameter onSleep: called with the number of the sleep, from 1.
    init(onSleep: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.onSleep = onSleep
    }

    var now: Timestamp { time.withLock { $0 } }

    func sleep(until moment: Timestamp) async throws {
        time.withLock { $0 = max($0, moment) }
        onSleep(
            sleeps.withLock { count in
                count += 1
                return count
            })
    }
}
