package import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

extension ComposeEngine {
    /// One call of about a millisecond. Of a set with many health checks that are commands, the
    /// engine's 256 events reach back some twenty seconds; of others, hours. A daemon that was
    /// started anew remembers nothing.
    package func endings(since: Timestamp) async throws -> [ContainerEnding] {
        // nginx reaches the containers, so their daemon is on this host and has its clock.
        let now = SystemClock().now
        // A clock that was set back: nothing has happened since a moment that is to come.
        guard since <= now else { return [] }
        let events = try await api.events(
            ["die", "oom", "kill"], ofContainersWith: ["\(ResourceLabel.app)=\(app)"],
            since: since, until: now)
        let alarmed = Set(events.filter { $0.action == "oom" }.map(\.actor.id))
        let unharmed = alarmed.isEmpty ? [] : try await unharmed(among: alarmed)
        return ContainerEnding.all(in: events, unharmed: unharmed, until: now)
    }

    package func stops(since: Timestamp) async throws -> [ContainerStop] {
        let now = SystemClock().now
        guard since <= now else { return [] }
        let events = try await api.events(
            ["die", "kill", "start"], ofContainersWith: ["\(ResourceLabel.app)=\(app)"],
            since: since, until: now)
        return ContainerStop.all(in: events)
    }

    /// With cgroup v1 the engine tells an OOM kill of every container below the cgroup that ran out
    /// of memory. The kernel counts the kills of each by itself.
    func unharmed(among ids: Set<String>) async throws -> Set<String> {
        guard let local = try localMemory() else { return [] }
        var unharmed: Set<String> = []
        for id in ids {
            guard let pid = try await api.inspectContainer(id)?.state.pid, pid > 0,
                try local.kills(by: pid, ofContainer: id) == 0
            else { continue }
            unharmed.insert(id)
        }
        return unharmed
    }
}

extension ContainerStop {
    /// SIGHUP, SIGUSR1 and SIGUSR2 have a program read its files anew, or so.
    private static let otherSignals: Set<String> = ["1", "10", "12"]

    /// - Parameter events: `die`, `kill` and `start`, oldest first.
    static func all(in events: [EngineEvent]) -> [ContainerStop] {
        var stops: [String: ContainerStop] = [:]
        for event in events {
            let id = event.actor.id
            switch event.action {
            case "kill":
                if !otherSignals.contains(event.actor.attributes["signal"] ?? "") {
                    stops[id] = ContainerStop(id: id, at: event.at)
                }
            default: stops[id] = nil
            }
        }
        return stops.values.sorted { $0.id < $1.id }
    }
}

extension ContainerEnding {
    /// An OOM kill is told before the end of the container that it may bring: 30 to 45 ms before
    /// with containerd 1.6, and by another way, so that it may come behind.
    static let longestAhead = Duration.seconds(5)
    private static let longestBehind = Duration.seconds(1)
    /// Until then a kill is left for a later look, which can tell what came of it.
    private static let soon = Duration.seconds(1)

    /// A container that was asked to stop ends within its grace time, which is seldom longer.
    static let longestStop = Duration.seconds(60)

    /// - Parameters:
    ///   - events: `die`, `oom` and `kill`, oldest first.
    ///   - unharmed: containers of which no process was OOM-killed since they were started.
    ///   - now: when they were asked for.
    static func all(
        in events: [EngineEvent], unharmed: Set<String> = [], until now: Timestamp
    ) -> [ContainerEnding] {
        let kills = events.indices.filter { events[$0].action == "oom" }
        // A kill that ended nothing stands for itself.
        let killed = Set(
            kills.compactMap { kill in
                end(ofContainerWithKill: kill, in: events)
                    ?? (unharmed.contains(events[kill].actor.id) ? nil : kill)
            })
        return events.indices.compactMap { index in
            let isEnd = events[index].action == "die"
            guard isEnd || killed.contains(index) && now - events[index].at >= soon else {
                return nil
            }
            return ContainerEnding(
                events[index], isOutOfMemory: killed.contains(index),
                isAskedFor: isEnd && isAskedFor(end: index, in: events))
        }
    }

    /// The engine tells each signal that it was asked to send.
    private static func isAskedFor(end: Int, in events: [EngineEvent]) -> Bool {
        let own = events[..<end].indices.filter { events[$0].actor.id == events[end].actor.id }
        // A signal of before its last start ended the run before.
        let since = own.last { events[$0].action == "die" }.map { $0 + 1 } ?? 0
        return events[since..<end].contains { event in
            event.action == "kill" && event.actor.id == events[end].actor.id
                && events[end].at - event.at <= longestStop
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
    private init?(_ event: EngineEvent, isOutOfMemory: Bool, isAskedFor: Bool) {
        guard let replica = Replica(labels: event.actor.attributes) else { return nil }
        self.init(
            replica: replica, placement: Placement(labels: event.actor.attributes),
            exitCode: event.action == "die"
                ? event.actor.attributes["exitCode"].flatMap { Int($0) } ?? -1 : nil,
            isOutOfMemory: isOutOfMemory, isAskedFor: isAskedFor, at: event.at)
    }
}
