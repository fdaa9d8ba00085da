import BlueGreen
import Orchestration
import Synchronization
import TestSupport

/// Time in which short waits pass at once, and longer ones, deadlines, when the test says so.
final class SteppedClock: WallClock {
    private struct State {
        var now = Sample.moment
        var pauses: [Duration] = []
        var sleepers: [Int: Sleeper] = [:]
        var count = 0
    }

    private struct Sleeper {
        let moment: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let state = Mutex(State())
    private static let short = Duration.seconds(2)

    var now: Timestamp { state.withLock(\.now) }

    /// The short waits so far.
    var pauses: [Duration] { state.withLock(\.pauses) }

    func pass(_ time: Duration) {
        let due = state.withLock { state in
            state.now = state.now + time
            let due = state.sleepers.filter { $0.value.moment <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    func sleep(until moment: Timestamp) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let result = enter(continuation, number, until: moment) {
                    continuation.resume(with: result)
                }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// nil where the sleeper now waits.
    private func enter(
        _ continuation: CheckedContinuation<Void, any Error>, _ number: Int,
        until moment: Timestamp
    ) -> Result<Void, any Error>? {
        state.withLock { state in
            // The cancellation's handler has run already where this is so, and found nobody.
            if Task.isCancelled { return .failure(CancellationError()) }
            let wait = moment - state.now
            if wait <= .zero { return .success(()) }
            if wait <= Self.short {
                state.now = moment
                state.pauses.append(wait)
                return .success(())
            }
            state.sleepers[number] = Sleeper(moment: moment, continuation: continuation)
            return nil
        }
    }
}
