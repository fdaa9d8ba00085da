import BlueGreen

/// What one look at one replica found.
enum ReplicaHealth: Hashable, Sendable {
    case healthy
    /// In words, `answered 503`.
    case unhealthy(String)
    /// It has no check, and runs.
    case unchecked
    /// A one-shot that ended well.
    case done
    /// A singleton that a deployment under way has not handed over yet.
    case waiting

    var isBad: Bool {
        switch self {
        case .healthy, .unchecked, .done, .waiting: false
        case .unhealthy: true
        }
    }

    var text: String {
        switch self {
        case .healthy: "healthy"
        case .unhealthy(let reason): "unhealthy: \(reason)"
        case .unchecked: "no check"
        case .done: "done"
        case .waiting: "waits to be handed over"
        }
    }

    /// In `--json`.
    var word: String {
        switch self {
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        case .unchecked: "unchecked"
        case .done: "done"
        case .waiting: "waiting"
        }
    }
}
