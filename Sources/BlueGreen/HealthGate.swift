/// The hysteresis over one replica's probes. `rise` passes in a row make it healthy, `fall`
/// failures in a row make it unhealthy. Before it was ever healthy only the deadline makes it
/// unhealthy.
package struct HealthGate: Hashable, Sendable {
    /// The health by the probes so far; `undecided` until the first rise or the deadline.
    package enum Verdict: Hashable, Sendable {
        case undecided
        case healthy
        case unhealthy
    }

    package private(set) var verdict = Verdict.undecided
    /// The latest failure, and how many failures there were in all.
    package private(set) var lastFailure: ProbeFailure?
    package private(set) var failures = 0

    private let check: HealthCheck
    private let since: Timestamp
    private var passesInARow = 0
    private var failuresInARow = 0

    /// - Parameter since: when the replica was started; the deadline counts from there.
    package init(check: HealthCheck, since: Timestamp) {
        self.check = check
        self.since = since
    }

    /// Counts a probe; they come in the order in which they were made.
    package mutating func record(_ result: ProbeResult, at now: Timestamp) {
        switch result {
        case .passed, .accepted:
            passesInARow += 1
            failuresInARow = 0
        case .failed(let failure):
            failures += 1
            failuresInARow += 1
            passesInARow = 0
            lastFailure = failure
        }
        decide(at: now)
    }

    /// When the replica should be probed next: often while it starts, seldom once it is known.
    package func nextProbe(after now: Timestamp) -> Timestamp {
        switch verdict {
        case .undecided: now + check.startingInterval
        case .healthy, .unhealthy: now + check.interval
        }
    }

    private mutating func decide(at now: Timestamp) {
        if passesInARow >= check.rise {
            verdict = .healthy
            return
        }
        switch verdict {
        case .undecided:
            // A late pass before the rise is complete does not help: the deadline is a promise to
            // the caller.
            if now - since >= check.deadline { verdict = .unhealthy }
        case .healthy:
            if failuresInARow >= check.fall { verdict = .unhealthy }
        case .unhealthy:
            break
        }
    }
}
