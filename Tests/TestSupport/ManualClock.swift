package import BlueGreen
import Orchestration
import Synchronization

/// Time that a test lets pass, from `Sample.moment` on. Short waits are over at once and move it.
/// Longer ones end when the test passes their moment, or when they are cancelled.
package final class ManualClock: WallClock {
    private struct State {
        var now = Sample.moment
        var waits: [Duration] = []
        var sleepers: [Int: Sleeper] = [:]
        var count = 0
    }

    private struct Sleeper {
        let moment: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let longestSkipped: Duration?
    private let onWait: @Sendable (Int) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - longest: the longest wait that is over at once; nil where every wait is.
    ///   - onWait: called after each wait that was over at once, with its number from 1.
    package init(
        skippingWaitsTo longest: Duration? = nil,
        onWait: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        longestSkipped = longest
        self.onWait = onWait
    }

    package var now: Timestamp { state.withLock(\.now) }

    /// The waits so far that were over at once.
    package var waits: [Duration] { state.withLock(\.waits) }

    package func pass(_ time: Duration) {
        let due = state.withLock { state in
            state.now = state.now + time
            let due = state.sleepers.filter { $0.value.moment <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    package func move(to moment: Timestamp) {
        pass(moment - now)
    }

    package func sleep(until moment: Timestamp) async throws {
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
        let entry: (result: Result<Void, any Error>?, skipped: Int?) = state.withLock { state in
            // The cancellation's handler may have run already and found nobody.
            if Task.isCancelled { return (.failure(CancellationError()), nil) }
            let wait = moment - state.now
            if wait <= .zero { return (.success(()), nil) }
            if wait <= longestSkipped ?? wait {
                state.now = moment
                state.waits.append(wait)
                return (.success(()), state.waits.count)
            }
            state.sleepers[number] = Sleeper(moment: moment, continuation: continuation)
            return (nil, nil)
        }
        if let skipped = entry.skipped { onWait(skipped) }
        return entry.result
    }
}
