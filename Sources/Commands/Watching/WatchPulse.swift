import Synchronization

/// The state of the loops of a watch: the watchdog is fed by it.
final class WatchPulse: Sendable {
    private struct Loop {
        /// When its last round began or ended, by the time that the host was awake: it is the time
        /// of the rounds and of systemd's watchdog.
        var turned: Duration
        var every: Duration
        var isBusy = false
        /// When a whole round last found all well, and was kept.
        var well: ContinuousClock.Instant?
        var isHealthy: Bool?
    }

    private struct State {
        var loops: [String: Loop] = [:]
        var told: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// A round with an act in it may last so long.
    private static let longestRound = Duration.seconds(600)

    private let uptime: @Sendable () -> Duration

    /// - Parameter uptime: the time that the host was awake, since any moment.
    init(uptime: @escaping @Sendable () -> Duration = WatchPulse.timeAwake) {
        self.uptime = uptime
    }

    private static let began = SuspendingClock.now

    private static func timeAwake() -> Duration { SuspendingClock.now - began }

    func start(_ app: String, every: Duration) {
        state.withLock { $0.loops[app] = Loop(turned: uptime(), every: every) }
    }

    func begin(_ app: String) {
        state.withLock { state in
            state.loops[app]?.turned = uptime()
            state.loops[app]?.isBusy = true
        }
    }

    func end(_ app: String) {
        state.withLock { state in
            state.loops[app]?.turned = uptime()
            state.loops[app]?.isBusy = false
        }
    }

    func note(_ app: String, isHealthy: Bool) {
        state.withLock { state in
            state.loops[app]?.isHealthy = isHealthy
            state.loops[app]?.well = isHealthy ? .now : nil
        }
    }

    /// Whether that was so a moment ago: a look that is long past says nothing of now.
    func isHealthy(_ app: String) -> Bool {
        state.withLock { state in
            guard let loop = state.loops[app], let well = loop.well else { return false }
            return ContinuousClock.now - well < loop.every * 3
        }
    }

    /// Whether it is another text than the last time.
    func isNews(_ app: String, _ text: String) -> Bool {
        state.withLock { $0.told.updateValue(text, forKey: app) != text }
    }

    func forget(_ app: String) {
        state.withLock { state in
            state.loops[app] = nil
            state.told[app] = nil
        }
    }

    /// Whether every loop goes on.
    var isAlive: Bool {
        let now = uptime()
        return state.withLock { state in
            state.loops.values.allSatisfy { loop in
                now - loop.turned < loop.every * 3 + Self.longestRound
            }
        }
    }

    var isBusy: Bool { state.withLock { $0.loops.values.contains(where: \.isBusy) } }

    var summary: String {
        state.withLock { state in
            let ill = state.loops.filter { $0.value.isHealthy == false }.keys.sorted()
            let count = state.loops.count
            let apps = count == 1 ? "1 app" : "\(count) apps"
            return ill.isEmpty
                ? "watching \(apps)" : "watching \(apps), unhealthy: \(ill.joined(separator: ", "))"
        }
    }
}
