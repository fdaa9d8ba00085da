import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

extension ComposeEngine {
    /// One connection, over which nothing comes while nothing happens. It ends with the reader's
    /// task, with an error when the daemon ends, and not when the daemon hangs.
    package func events() -> AsyncThrowingStream<ContainerEvent, any Error> {
        // nginx reaches the containers, so their daemon is on this host and has its clock.
        let began = SystemClock().now
        return AsyncThrowingStream { continuation in
            let reading = Task {
                do {
                    try await follow(since: began) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in reading.cancel() }
        }
    }

    private func follow(
        since began: Timestamp, _ hear: @Sendable (ContainerEvent) -> Void
    ) async throws {
        var reading = EventReading(since: began)
        // A container that ends now may have been asked to before anybody listened.
        let before = began + (.zero - ContainerEnding.longestStop)
        try await api.followEvents(
            EventReading.actions, ofContainersWith: ["\(ResourceLabel.app)=\(app)"],
            since: before
        ) { event in
            guard let told = reading.read(event) else { return }
            if told.change == .ranOutOfMemory,
                try await unharmed(among: [told.id]).contains(told.id)
            {
                return
            }
            hear(told)
        }
    }
}
