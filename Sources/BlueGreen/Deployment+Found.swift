/// A move of traffic that no record tells of, and an end.
extension Deployment {
    /// Ends one whose own end could not be written down, so that a newer one began after it.
    ///
    /// - Parameter next: that one, which found traffic where this one had left it.
    package mutating func close(before next: Deployment, at now: Timestamp) {
        guard outcome == nil else { return }
        let wasPromoted = next.previous == candidate
        log.warn(
            Warning(
                .act,
                "Its end could not be written down, and is told by where deployment "
                    + "\(next.number) found traffic."))
        end(
            wasPromoted ? .promoted : mayHaveHadOwnTraffic ? .rolledBack : .aborted, at: now)
    }

    private var mayHaveHadOwnTraffic: Bool { facts.has(.exposed) || facts.has(.diverted) }

    /// A deployment that is written down after the fact: as on a full disk, or where a person moved
    /// the link. Its hooks and its drain are not known, so that they are not done again. It owes
    /// all that must be so wherever traffic is: what runs in one colour at a time, and containers
    /// that come back after a reboot.
    package init(found order: Order, at now: Timestamp) {
        self.order = order
        startedAt = now
        state = .ended(.promoted, at: now)
        facts.note(.exposed, at: now)
        facts.note(.switched, at: now)
        if !order.singletonServices.isEmpty { owe(.singletons) }
        owe(.retirement)
        log.enter(Outcome.promoted.rawValue, at: now)
        log.warn(
            Warning(
                .act,
                "\(candidate.colour) has traffic with release \(candidate.release), and no record "
                    + "told of it: its deployment could not be written down, or the link was "
                    + "moved by hand."))
    }
}
