import BlueGreen
import DockerEngine
import Orchestration

/// Reads the engine's events one after the other, and remembers those that tell more of later ones.
struct EventReading {
    /// Earlier events are remembered and not told.
    let began: Timestamp
    /// When the engine was asked last to send a container a signal, by its id.
    private var signals: [String: Timestamp] = [:]
    /// When a process of a container was OOM-killed last.
    private var kills: [String: Timestamp] = [:]

    static let actions = ["start", "die", "oom", "kill", "health_status"]

    init(since began: Timestamp) {
        self.began = began
    }

    /// - Returns: nil for an event of a container that is no replica, or that is not to be told.
    mutating func read(_ event: EngineEvent) -> ContainerEvent? {
        forget(before: event.at)
        let change = change(by: event)
        guard let change, event.at >= began,
            let replica = Replica(labels: event.actor.attributes)
        else { return nil }
        return ContainerEvent(
            id: event.actor.id, replica: replica,
            placement: Placement(labels: event.actor.attributes), change: change, at: event.at)
    }

    private mutating func change(by event: EngineEvent) -> ContainerEvent.Change? {
        let id = event.actor.id
        switch event.action {
        case "start": return .started
        case "kill":
            signals[id] = event.at
            return .signalled
        case "oom":
            kills[id] = event.at
            return .ranOutOfMemory
        case "die":
            let kill = kills.removeValue(forKey: id)
            return .ended(
                exitCode: event.actor.attributes["exitCode"].flatMap { Int($0) } ?? -1,
                isOutOfMemory: kill.map { event.at - $0 <= ContainerEnding.longestAhead } ?? false,
                isAskedFor: signals.removeValue(forKey: id) != nil)
        case let action:
            // `health_status: healthy`
            return action.split(separator: " ").last.flatMap { Health(rawValue: String($0)) }
                .map { .checked($0) }
        }
    }

    private mutating func forget(before moment: Timestamp) {
        signals = signals.filter { moment - $0.value <= ContainerEnding.longestStop }
        kills = kills.filter { moment - $0.value <= ContainerEnding.longestStop }
    }
}
