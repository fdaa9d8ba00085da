import BlueGreen
import Yams

extension ConfigurationReader {
    static let watchSection = Section<WatchEntry>(
        "watch", showing: ["every", "rollback_within", "cool_down"],
        [
            Key("every", "15s", \.watch.every, .duration(atLeast: .seconds(5), atMost: hour)),
            Key("fall", "3", \.watch.fall, .integer(1...100)),
            Key("rise", "2", \.watch.rise, .integer(1...100)),
            Key("grace", "120s", \.watch.grace, .duration()),
            Key("on_failure", "restart", \.watch.onFailure, .word),
            Key(restartSection, \.watch.restarts),
            Key("rollback_within", "1h", \.watch.rollbackWithin, .duration(atMost: day * 30)),
            Key("cool_down", "10m", \.watch.coolDown, .duration(atLeast: .seconds(1))),
            Key(heartbeatSection) { $0.heartbeat($1, &$3.heartbeat) },
            Key(keptSection, \.watch.keep),
        ])

    private static let restartSection = Section<WatchSettings.RestartBudget>(
        "restart", showing: ["at_most", "within"],
        [
            Key("at_most", "3", \.atMost, .integer(1...100)),
            Key("within", "10m", \.within, .duration(atLeast: .seconds(10))),
            Key("pause", "10s", \.pause, .duration(atLeast: .seconds(1), atMost: hour)),
            Key("longest", "5m", \.longest, .duration(atLeast: .seconds(1))),
            Key("reset_after", "10m", \.resetAfter, .duration(atLeast: .seconds(10))),
        ])

    /// Results of every few seconds become too many to look at within days.
    private static let keptSection = Section<WatchSettings.Retention>(
        "keep", showing: ["raw", "minutes"],
        [
            Key("raw", "24h", \.raw, .duration(atLeast: hour, atMost: day * 7)),
            Key("minutes", "90d", \.minutes, .duration(atLeast: day, atMost: day * 366)),
        ])

    private static let hour = Duration.seconds(3600)
    private static let day = Duration.seconds(86_400)

    struct WatchEntry {
        var watch = WatchSettings()
        fileprivate var heartbeat = HeartbeatEntry()
    }

    /// - Parameter configuration: has its other settings already.
    mutating func watch(_ field: Field, _ configuration: inout AppConfiguration) {
        var entry = WatchEntry()
        guard let entries = read(field, Self.watchSection, into: &entry) else { return }
        judgeBudget(entry.watch.restarts, at: entries["restart"])
        judgeRetention(entry.watch.keep, at: entries["keep"])
        judgeReaction(entry.watch, entries, previous: configuration.deployment.previous)
        configuration.watch = entry.watch
        configuration.notify.heartbeat = entry.heartbeat.heartbeat
        if let path = entry.heartbeat.leftOut { configuration.notify.leftOut.append(path) }
    }

    // MARK: What does not go together

    private mutating func judgeBudget(_ budget: WatchSettings.RestartBudget, at field: Field?) {
        guard let field, budget.longest < budget.pause else { return }
        note(
            "\(field.path).longest (\(budget.longest.compact)) is less than pause "
                + "(\(budget.pause.compact)), which only grows: give a longer one", at: field)
    }

    private mutating func judgeRetention(_ keep: WatchSettings.Retention, at field: Field?) {
        guard let field, keep.minutes < keep.raw else { return }
        note(
            "\(field.path).minutes (\(keep.minutes.compact)) is less than raw "
                + "(\(keep.raw.compact)): give a longer one", at: field)
    }

    /// The watch goes back to a colour that runs and is healthy, and to no other.
    private mutating func judgeReaction(
        _ watch: WatchSettings, _ entries: [String: Field], previous: PreviousColour
    ) {
        guard watch.onFailure == .rollback, let field = entries["on_failure"] else { return }
        if previous != .running {
            note(
                "\(field.path): the watch only goes back to a colour that runs, and "
                    + "`keep: {previous: \(previous.rawValue)}` leaves none: say "
                    + "`keep: {previous: running}`, or `on_failure: restart`", at: field)
        }
        if watch.rollbackWithin == .zero {
            note(
                "\(field.path): `rollback_within: 0s` means that no release is rolled back: give "
                    + "a time, as in `rollback_within: 1h`, or say `on_failure: restart`",
                at: field)
        }
    }
}
