package import BlueGreen
package import Orchestration
import Synchronization

/// Gives a watch beside an act its beats while the act sleeps, and only then. So a run depends on
/// its script or its seed alone, and not on the order of two tasks.
package final class BeatDriver: Sendable {
    private let watches = Mutex<[DrivenBeats]>([])

    package init() {}

    package func begin(every interval: Duration, at now: Timestamp) -> any Beats {
        let beats = DrivenBeats(every: interval, at: now)
        watches.withLock { watches in
            watches.removeAll { $0.due == nil }
            watches.append(beats)
        }
        return beats
    }

    /// Lets each watch take the looks that are due until the moment, one after the other.
    ///
    /// - Parameter move: moves the clock to a beat.
    /// - Throws: `CancellationError` where a look ended the act.
    package func pass(
        to moment: Timestamp, _ move: @Sendable (Timestamp) -> Void
    ) async throws {
        while let (beats, due) = next, due <= moment {
            move(due)
            await beats.beat()
            try Task.checkCancellation()
        }
    }

    private var next: (DrivenBeats, Timestamp)? {
        watches.withLock { watches in
            watches.compactMap { beats in beats.due.map { (beats, $0) } }.min { $0.1 < $1.1 }
        }
    }
}

private final class DrivenBeats: Beats {
    private struct State {
        var due: Timestamp
        var isOver = false
        var watch: CheckedContinuation<Void, any Error>?
        var driver: CheckedContinuation<Void, Never>?

        mutating func takeDriver() -> CheckedContinuation<Void, Never>? {
            defer { driver = nil }
            return driver
        }

        mutating func takeWatch() -> CheckedContinuation<Void, any Error>? {
            defer { watch = nil }
            return watch
        }
    }

    private let interval: Duration
    private let state: Mutex<State>

    init(every interval: Duration, at now: Timestamp) {
        self.interval = interval
        state = Mutex(State(due: now + interval))
    }

    /// nil once nobody waits for a beat any more.
    var due: Timestamp? { state.withLock { $0.isOver ? nil : $0.due } }

    func next() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (isRefused, driver) = state.withLock { state in
                    let isRefused = state.isOver || Task.isCancelled
                    if !isRefused { state.watch = continuation }
                    return (isRefused, state.takeDriver())
                }
                if isRefused { continuation.resume(throwing: CancellationError()) }
                driver?.resume()
            }
        } onCancel: {
            end()
        }
    }

    func end() {
        let (watch, driver) = state.withLock { state in
            state.isOver = true
            return (state.takeWatch(), state.takeDriver())
        }
        watch?.resume(throwing: CancellationError())
        driver?.resume()
    }

    /// Returns when the watch has taken its look, or is over.
    func beat() async {
        await untilTheWatchWaits()
        let watch = state.withLock { state in
            state.due = state.due + interval
            return state.takeWatch()
        }
        watch?.resume()
        await untilTheWatchWaits()
    }

    private func untilTheWatchWaits() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.isOver || state.watch != nil { return true }
                state.driver = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
