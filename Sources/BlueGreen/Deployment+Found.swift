/// A move of traffic that no record tells of.
extension Deployment {
    /// A deployment that is written down after the fact: as on a full disk, or where a person moved
    /// the link. Its hooks, its drain and what it left undone are not known, so that nothing of it
    /// is done again.
    package init(found order: Order, at now: Timestamp) {
        self.order = order
        startedAt = now
        state = .ended(.promoted, at: now)
        facts.note(.exposed, at: now)
        facts.note(.switched, at: now)
        log.enter(Outcome.promoted.rawValue, at: now)
        log.warn(
            Warning(
                .act,
                "\(candidate.colour) has traffic with release \(candidate.release), and no record "
                    + "told of it: its deployment could not be written down, or the link was "
                    + "moved by hand."))
    }
}
