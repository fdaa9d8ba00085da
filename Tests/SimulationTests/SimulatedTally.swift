import BlueGreen

/// How the runs of lives ended; runs that lost power are not in it.
struct SimulatedTally: Sendable {
    private(set) var outcomes: [Outcome: Int] = [:]
    /// The same of those that stopped the previous set first.
    private(set) var madeRoom: [Outcome: Int] = [:]
    /// The same of those that had a canary.
    private(set) var canaries: [Outcome: Int] = [:]
    /// How often a breach took traffic back.
    private(set) var breaches = 0
    /// How often a start ended before memory ran out, and how often after it did.
    private(set) var (shortages, kills) = (0, 0)
    /// How often nginx did not get to a candidate.
    private(set) var brokenEdges = 0
    /// How often a deployment waited for a person.
    private(set) var waits = 0

    mutating func count(_ ended: Deployment) {
        if ended.failure?.cause == .breach { breaches += 1 }
        if ended.failure?.cause == .memoryRanOut { shortages += 1 }
        if case .edge = ended.failure?.cause { brokenEdges += 1 }
        if case .outOfMemory = ended.failure?.cause { kills += 1 }
        if ended.waitsUntil != nil { waits += 1 }
        guard let outcome = ended.outcome else { return }
        outcomes[outcome, default: 0] += 1
        if ended.facts.has(.madeRoom) { madeRoom[outcome, default: 0] += 1 }
        if ended.facts.has(.diverted) { canaries[outcome, default: 0] += 1 }
    }

    mutating func merge(_ other: SimulatedTally) {
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
        madeRoom.merge(other.madeRoom, uniquingKeysWith: +)
        canaries.merge(other.canaries, uniquingKeysWith: +)
        breaches += other.breaches
        brokenEdges += other.brokenEdges
        waits += other.waits
        shortages += other.shortages
        kills += other.kills
    }
}
