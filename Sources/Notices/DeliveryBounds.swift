import BlueGreen

/// How long and how often a notice is tried.
package struct DeliveryBounds: Hashable, Sendable {
    package var attempts = 3
    /// Of one attempt, from its first packet to the last of the answer.
    package var attemptLimit = Duration.seconds(10)
    /// From the start of the first attempt to the end of the last, over all targets.
    package var wholeLimit = Duration.seconds(25)
    package var firstPause = Duration.milliseconds(500)
    package var furtherPause = Duration.seconds(2)

    package init() {}

    /// How long to wait before another attempt; nil where there is to be none.
    ///
    /// - Parameter attempt: the number of the one that failed, from 1.
    func pause(
        after failure: DeliveryFailure, of attempt: Int, at now: Timestamp, until end: Timestamp
    ) -> Duration? {
        guard failure.isTransient, attempt < attempts else { return nil }
        let pause = max(
            attempt == 1 ? firstPause : furtherPause, failure.retryAfter ?? .zero)
        return now + pause < end ? pause : nil
    }
}
