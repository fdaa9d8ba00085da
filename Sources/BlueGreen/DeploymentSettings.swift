/// The waits and the ending that `teal.yml` asks for.
package struct DeploymentSettings: Hashable, Codable, Sendable {
    /// At least this long between the starts of two containers.
    package var startPause = Duration.seconds(3)
    /// How long Teal waits for the host to settle, once the pause is over and the last container is
    /// up. Zero means not at all.
    package var startAtMost = Duration.seconds(60)
    package var settle = SettleBounds()
    package var room = RoomPolicy.refuse
    /// How long requests in flight to the previous colour may take to end.
    package var drain = Duration.seconds(30)
    package var previous = PreviousColour.running
    /// How many releases are kept to roll back to; at least 2.
    package var releases = 5
    package var hooks = Hooks()
    package var bake = Bake.none
    package var canary = Canary()
    package var promotion = Promotion.auto

    package init() {}
}

/// The fate of the previous colour once it has drained.
package enum PreviousColour: String, Codable, CaseIterable, Sendable {
    case running
    case stopped
    case removed
}

/// Teal's reaction to a set that does not fit beside the one that has traffic.
package enum RoomPolicy: String, Codable, CaseIterable, Sendable {
    /// Nothing is started.
    case refuse
    /// Teal warns, and tries all the same.
    case warn
    /// The previous set is stopped first, while nginx answers 503.
    case stopFirst = "stop-first"
}

/// The shares of the traffic that a candidate gets one after the other before it gets all.
package struct Canary: Hashable, Codable, Sendable {
    /// Ascending, below 100 %; none for no canary.
    package var steps: [Share]
    /// How long each lasts.
    package var every: Duration

    package init(steps: [Share] = [], every: Duration = .seconds(60)) {
        self.steps = steps
        self.every = every
    }
}

/// The candidate's first minutes with all of the traffic.
package struct Bake: Hashable, Codable, Sendable {
    /// Zero for none.
    package var duration: Duration
    package var bounds: BreachBounds

    package init(duration: Duration = .seconds(60), bounds: BreachBounds = BreachBounds()) {
        self.duration = duration
        self.bounds = bounds
    }

    package static let none = Bake(duration: .zero)
}

/// Teal or a person decides that a healthy candidate gets traffic.
package enum Promotion: Hashable, Codable, Sendable {
    case auto
    /// A person, in so much time.
    case manual(within: Duration)

    /// How long a person has the word.
    var time: Duration {
        switch self {
        case .auto: .zero
        case .manual(let time): time
        }
    }
}
