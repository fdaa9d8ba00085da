/// How the serving colour is looked at all day, and what may be done about what is found.
package struct WatchSettings: Hashable, Codable, Sendable {
    /// The way in which an unhealthy replica is met.
    package enum Reaction: String, Hashable, Codable, CaseIterable, Sendable {
        /// People are told.
        case notify
        /// The replica is restarted, within the budget.
        case restart
        /// As `restart`; where that does not help, traffic goes back to the previous colour.
        case rollback
    }

    /// The budget of restarts of one service, and the pauses between them.
    package struct RestartBudget: Hashable, Codable, Sendable {
        /// So many restarts within the window; after that the circuit is open.
        package var atMost: Int
        package var within: Duration
        /// Before the second restart; it doubles with each further one.
        package var pause: Duration
        /// The pause grows no longer than this.
        package var longest: Duration
        /// After so long a time of health the pause is short again, and the circuit closed.
        package var resetAfter: Duration

        package init(
            atMost: Int = 3, within: Duration = .seconds(600), pause: Duration = .seconds(10),
            longest: Duration = .seconds(300), resetAfter: Duration = .seconds(600)
        ) {
            self.atMost = atMost
            self.within = within
            self.pause = pause
            self.longest = longest
            self.resetAfter = resetAfter
        }
    }

    /// How long the results of probes are kept.
    package struct Retention: Hashable, Codable, Sendable {
        /// Each result.
        package var raw: Duration
        /// The results of each minute together.
        package var minutes: Duration

        package init(
            raw: Duration = .seconds(86_400), minutes: Duration = .seconds(90 * 86_400)
        ) {
            self.raw = raw
            self.minutes = minutes
        }
    }

    /// Between two rounds of `teal watch`; at least 5 s.
    package var every: Duration
    /// So many failures in a row make a replica unhealthy; nil for the `fall` of its own check.
    package var fall: Int?
    /// So many passes in a row make it healthy again; nil for the `rise` of its own check.
    package var rise: Int?
    /// So long after its start a replica's failures do not count; nil for the `deadline` of its
    /// own check.
    package var grace: Duration?
    /// nil is `restart` for `teal watch`, and `notify` for `teal probe`.
    package var onFailure: Reaction?
    package var restarts: RestartBudget
    /// Only a release that got its traffic less than this ago is rolled back; zero is never.
    package var rollbackWithin: Duration
    /// After a rollback nothing else is done to the app for so long. The same state is not told twice
    /// within it.
    package var coolDown: Duration
    package var keep: Retention

    package init(
        every: Duration = .seconds(15), fall: Int? = nil, rise: Int? = nil,
        grace: Duration? = nil, onFailure: Reaction? = nil,
        restarts: RestartBudget = RestartBudget(), rollbackWithin: Duration = .seconds(3600),
        coolDown: Duration = .seconds(600), keep: Retention = Retention()
    ) {
        self.every = every
        self.fall = fall
        self.rise = rise
        self.grace = grace
        self.onFailure = onFailure
        self.restarts = restarts
        self.rollbackWithin = rollbackWithin
        self.coolDown = coolDown
        self.keep = keep
    }
}

/// The acts that the watch is allowed for one service, `watch` in its entry of `teal.yml`.
package enum ServiceWatch: String, Hashable, Codable, CaseIterable, Sendable {
    /// It is not looked at.
    case off
    /// Its failures are told, and nothing is done about them: the default of a shared service.
    case notify
    /// It is restarted as the replicas of the colour are.
    case restart
}
