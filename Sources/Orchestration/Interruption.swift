/// A wish from outside that the run should end, as SIGTERM brings it. It is noted once and stays.
package actor Interruption {
    package private(set) var signal: String?
    private var waiting: [Int: CheckedContinuation<String?, Never>] = [:]
    private var nextTicket = 0

    package init() {}

    /// - Parameter signal: its name, `SIGTERM`.
    package func receive(_ signal: String) {
        guard self.signal == nil else { return }
        self.signal = signal
        for continuation in waiting.values { continuation.resume(returning: signal) }
        waiting = [:]
    }

    /// The signal's name as soon as one came; nil when the waiting task was cancelled before.
    package func wait() async -> String? {
        if let signal { return signal }
        let ticket = nextTicket
        nextTicket += 1
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let signal {
                    continuation.resume(returning: signal)
                } else if Task.isCancelled {
                    continuation.resume(returning: nil)
                } else {
                    waiting[ticket] = continuation
                }
            }
        } onCancel: {
            // The handler is synchronous and the actor is not; the task ends with its one call.
            Task { await self.giveUp(ticket) }
        }
    }

    private func giveUp(_ ticket: Int) {
        waiting.removeValue(forKey: ticket)?.resume(returning: nil)
    }
}
