/// The wait between two starts. It lasts at least until one moment, then until the host is within
/// bounds, at most until another moment.
package struct HostSettling: Hashable, Sendable {
    /// Whether the wait is over.
    package enum Verdict: Hashable, Sendable {
        case settled
        /// The readings out of bounds; empty while too little of the host was seen or the pause
        /// lasts.
        case unsettled([Strain])
        /// The wait has reached its bound, and this was still out of bounds. A reading that was too
        /// high during the whole wait is the host's own load, not the start's. The wider bounds
        /// keep the waits that follow from waiting for it again.
        case givenUp([Strain], SettleBounds)
    }

    /// Over how long rates are taken: the effect of a single burst is over sooner.
    package static let window = Duration.seconds(1)
    /// Between two samples; one costs well under a millisecond.
    package static let interval = Duration.milliseconds(250)

    private let bounds: SettleBounds
    private let notBefore: Timestamp
    private let until: Timestamp
    /// Oldest first; the first is the youngest that is a window old, as soon as there is one.
    private var samples: [HostSample] = []
    /// The readings out of bounds all the time, each with its lowest figure; nil before the first
    /// window is over.
    private var standing: [Strain]?
    /// The uses of the time between the samples.
    package private(set) var waits = Waits()

    /// - Parameters:
    ///   - until: at or after `notBefore`.
    package init(_ bounds: SettleBounds, notBefore: Timestamp, until: Timestamp) {
        self.bounds = bounds
        self.notBefore = notBefore
        self.until = max(notBefore, until)
    }

    /// Judges the host by a sample; each is later than the one before.
    package mutating func record(_ sample: HostSample) -> Verdict {
        let last = samples.last?.at
        samples.append(sample)
        while samples.count > 2, sample.at - samples[1].at >= Self.window {
            samples.removeFirst()
        }
        let strains = bounds.strains(from: samples[0], to: sample)
        if let last { note(strains, from: last, to: sample.at) }
        let isSeen = sample.at - samples[0].at >= Self.window
        if isSeen { standing = standing.map { Strain.lowest($0, strains) } ?? strains }
        if isSeen, strains.isEmpty, sample.at >= notBefore { return .settled }
        // Where nothing was out of bounds so far, there is nothing to warn of either.
        if sample.at >= until {
            return strains.isEmpty
                ? .settled : .givenUp(strains, bounds.widened(by: standing ?? []))
        }
        return .unsettled(strains)
    }

    /// The pause has to be kept in any case, so that nothing else is waited for before its end.
    private mutating func note(_ strains: [Strain], from last: Timestamp, to now: Timestamp) {
        let pause = max(.zero, min(now, notBefore) - last)
        waits.add(pause, for: .pause)
        let rest = now - last - pause
        if strains.isEmpty { waits.add(rest, for: .look) }
        for strain in strains { waits.add(rest, for: strain.bound) }
    }

    /// When the host should be looked at next; never after the bound of the wait.
    package func nextSample(after now: Timestamp) -> Timestamp {
        min(until, now + Self.interval)
    }
}
