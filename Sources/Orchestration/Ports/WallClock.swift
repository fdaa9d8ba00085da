package import BlueGreen

/// Time, so that decisions and tests need not wait for it.
package protocol WallClock: Sendable {
    var now: Timestamp { get }

    /// Returns at or after the moment, or throws `CancellationError`.
    func sleep(until moment: Timestamp) async throws
}
