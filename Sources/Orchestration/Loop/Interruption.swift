import Synchronization

/// A wish from outside that the run should end, as SIGTERM brings it. It is noted once and stays.
package final class Interruption: Sendable {
    private struct State {
        var signal: String?
        var waiting: [Int: CheckedContinuation<String?, Never>] = [:]
        var nextTicket = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// The name of the signal that came, `SIGTERM`.
    package var signal: String? { state.withLock(\.signal) }

    /// Only the first signal counts.
    package func receive(_ signal: String) {
        let waiting = state.withLock { state in
            if state.signal == nil { state.signal = signal }
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume(returning: signal) }
    }

    /// The signal's name as soon as one came; nil when the waiting task was cancelled before.
    package func wait() async -> String? {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation that comes after this look finds the continuation.
                let isOver = state.withLock { state in
                    if state.signal != nil || Task.isCancelled { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume(returning: signal) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: ticket) }
            continuation?.resume(returning: nil)
        }
    }
}
