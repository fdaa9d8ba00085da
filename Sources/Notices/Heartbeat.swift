import BlueGreen
package import Orchestration

/// Tells somebody outside this host that all is well. That somebody raises an alarm when it is not
/// told any more: Uptime Kuma's push monitors, healthchecks, Gatus.
package struct Heartbeat: Hashable, Sendable {
    /// The address may be the secret that lets one beat there.
    package let address: WebhookAddress
    /// Between two beats.
    package let every: Duration

    package static let usualEvery = Duration.seconds(60)
    package static let leastEvery = Duration.seconds(10)

    /// Of one beat, from its first packet to the last of the answer.
    private static let limit = Duration.seconds(10)

    package init(to address: WebhookAddress, every: Duration = usualEvery) {
        self.address = address
        self.every = every
    }

    /// As a sentence can name it, without its secret parts.
    package var name: String { "the heartbeat at \(address.host)" }

    /// Sends one GET, and no second one where it fails: the next beat comes soon.
    ///
    /// - Returns: why it did not get through, without what is secret; nil where the answer was 2xx.
    package func beat(by clock: any WallClock) async -> DeliveryFailure? {
        // The client sends before it looks whether anybody still waits.
        if Task.isCancelled { return .cancelled }
        let client = WebhookClient()
        defer { client.end() }
        let now = clock.now
        return await withTaskGroup(of: DeliveryFailure?.self) { group in
            group.addTask { await client.get(address) }
            group.addTask {
                do {
                    try await clock.sleep(until: now + Self.limit)
                } catch {
                    return .cancelled
                }
                return .silent(Self.limit)
            }
            defer { group.cancelAll() }
            for await first in group { return first }
            return .cancelled
        }
    }

    /// A sentence for a warning, with cause and next move.
    package func warning(of failure: DeliveryFailure) -> String {
        "\(name.prefix(1).uppercased() + name.dropFirst()) was not reached: \(failure.reason). "
            + "Next: check its address under `watch.heartbeat` in teal.yml and the host's way to it."
    }
}
