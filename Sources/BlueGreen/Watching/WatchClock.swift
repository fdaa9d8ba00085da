/// A moment of a round, by the clocks of the host.
package struct WatchMoment: Hashable, Codable, Sendable {
    /// For people; anybody may set it.
    package let wall: Timestamp
    /// Since the host was started, without the time that it was suspended (`CLOCK_MONOTONIC`).
    package let uptime: Duration
    /// The kernel's name for this start of the host.
    package let boot: String

    package init(wall: Timestamp, uptime: Duration, boot: String) {
        self.wall = wall
        self.uptime = uptime
        self.boot = boot
    }
}

/// The clock by which a watch counts pauses, budgets and grace. It goes on from process to process
/// with the monotonic clock, so that nobody can set it.
package struct WatchClock: Hashable, Codable, Sendable {
    /// Why the time between two rounds was not as it should be.
    package enum Leap: Hashable, Sendable {
        /// There was no round before.
        case first
        case reboot
        /// The wall clock was set, or the host was suspended.
        case clock(by: Duration)
        /// Nobody looked for so long.
        case gap(Duration)
    }

    /// Begins as the wall clock.
    package private(set) var now: Timestamp
    private var last: WatchMoment?

    package init(at moment: WatchMoment) {
        now = moment.wall
    }

    /// - Parameters:
    ///   - jump: the wall clock may differ by so much from the monotonic one.
    ///   - gap: the longest time between two rounds.
    /// - Returns: nil for a round that came in time.
    package mutating func advance(
        to moment: WatchMoment, jump: Duration, gap: Duration
    ) -> Leap? {
        guard let last else {
            self.last = moment
            return .first
        }
        let wall = moment.wall - last.wall
        self.last = moment
        // The time between two starts of the host is known by the wall clock alone, so that it does
        // not count.
        guard moment.boot == last.boot, moment.uptime >= last.uptime else { return .reboot }
        let passed = moment.uptime - last.uptime
        now = now + passed
        if passed > gap { return .gap(passed) }
        let difference = wall - passed
        return difference > jump || difference < .zero - jump ? .clock(by: difference) : nil
    }

    /// After an act, whose length is no gap.
    package mutating func skip(to moment: WatchMoment) {
        guard let last, moment.boot == last.boot, moment.uptime >= last.uptime else { return }
        now = now + (moment.uptime - last.uptime)
        self.last = moment
    }
}
