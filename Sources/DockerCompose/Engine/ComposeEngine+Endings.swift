package import BlueGreen
import HostSystem
package import Orchestration

extension ComposeEngine {
    /// One call of about a millisecond. Of a set with many health checks that are commands, the
    /// engine's 256 events reach back some twenty seconds; of others, hours. A daemon that was
    /// started anew remembers nothing.
    package func endings(
        in placement: Placement, since: Timestamp
    ) async throws -> [ContainerEnding] {
        // nginx reaches the containers, so their daemon is on this host and has its clock.
        let now = SystemClock().now
        // A clock that was set back: nothing has happened since a moment that is to come.
        guard since <= now else { return [] }
        let events = try await api.events(
            ["die", "oom"], ofContainersWith: labels(of: placement), since: since, until: now)
        return ContainerEnding.all(in: events, until: now)
    }
}

extension ContainerEnding {
    /// An OOM kill is told before the end of the container that it may bring: 30 to 45 ms before
    /// with containerd 1.6, and by another way, so that it may come behind.
    private static let longestAhead = Duration.seconds(5)
    private static let longestBehind = Duration.seconds(1)
    /// Until then a kill is left for a later look, which can tell what came of it.
    private static let soon = Duration.seconds(1)

    /// - Parameters:
    ///   - events: `die` and `oom`, oldest first.
    ///   - now: when they were asked for.
    static func all(in events: [EngineEvent], until now: Timestamp) -> [ContainerEnding] {
        let kills = events.indices.filter { events[$0].action == "oom" }
        // A kill that ended nothing stands for itself.
        let killed = Set(kills.map { end(ofContainerWithKill: $0, in: events) ?? $0 })
        return events.indices.compactMap { index in
            let isEnd = events[index].action == "die"
            guard isEnd || killed.contains(index) && now - events[index].at >= soon else {
                return nil
            }
            return ContainerEnding(events[index], isOutOfMemory: killed.contains(index))
        }
    }

    private static func end(ofContainerWithKill kill: Int, in events: [EngineEvent]) -> Int? {
        let event = events[kill]
        let ends = events.indices.filter {
            events[$0].action == "die" && events[$0].actor.id == event.actor.id
        }
        return ends.first { $0 > kill && events[$0].at - event.at <= longestAhead }
            ?? ends.last { $0 < kill && event.at - events[$0].at <= longestBehind }
    }

    /// nil for a container that is no replica, such as one in which a hook runs.
    private init?(_ event: EngineEvent, isOutOfMemory: Bool) {
        guard let replica = Replica(labels: event.actor.attributes) else { return nil }
        self.init(
            replica: replica,
            exitCode: event.action == "die"
                ? event.actor.attributes["exitCode"].flatMap { Int($0) } ?? -1 : nil,
            isOutOfMemory: isOutOfMemory, at: event.at)
    }
}
