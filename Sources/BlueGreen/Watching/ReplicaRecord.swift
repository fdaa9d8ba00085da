/// One probe as it is kept for people.
package struct ProbeNote: Hashable, Codable, Sendable, CustomStringConvertible {
    package let at: Timestamp
    package let text: String

    package init(at: Timestamp, text: String) {
        self.at = at
        self.text = text
    }

    package var description: String { "\(at.rfc3339): \(text)" }
}

/// The health of one watched container from round to round.
package struct ReplicaRecord: Hashable, Codable, Sendable {
    package enum Verdict: String, Hashable, Codable, Sendable {
        /// Nothing is known, or it is within its grace.
        case starting
        case healthy
        case unhealthy
        /// Somebody has stopped it by hand.
        case stopped
        case finished
    }

    package private(set) var verdict = Verdict.starting
    /// Since when, by the wall clock.
    package private(set) var since: Timestamp
    /// The same by the watch's own clock.
    package private(set) var sinceOwn: Timestamp
    package private(set) var passes = 0
    package private(set) var failures = 0
    /// The last failures, oldest first.
    package private(set) var lastFailures: [ProbeNote] = []
    /// It does not run at all, and can be started.
    package private(set) var isDown = false
    /// The engine starts it again and again: a restart of ours is one more.
    package private(set) var isLooping = false
    /// There is nothing to restart.
    package private(set) var isMissing = false
    /// Its verdict is of a time when nobody was to be served by it.
    private var isJudgedIdle = false
    /// It is no failure that it does not serve: the engine was asked to end it, or Teal starts it.
    package private(set) var isStopping = false

    /// A container that the engine was asked to end is left alone for so long, or until it has ended.
    package static let longestStop = Duration.seconds(600)
    private static let mostNotes = 5

    /// The present start of the container, and when it was by the watch's own clock.
    package private(set) var start: String?
    private var startedAt: Timestamp
    private var hasPassedSinceStart = false
    /// When it was last looked at, by the watch's own clock; nil before the first look.
    package private(set) var seenAt: Timestamp?
    /// When Teal began to start it again, by the watch's own clock; nil once that start was seen.
    private var expectedAt: Timestamp?
    /// When somebody asked the engine to end this start of it, by the watch's own clock.
    private var askedToEndAt: Timestamp?

    init(at now: Timestamp, wall: Timestamp) {
        since = wall
        sinceOwn = now
        startedAt = now
    }

    /// - Returns: whether the verdict is another one now.
    mutating func note(
        _ sighting: Sighting, _ plan: WatchedPlan, at now: Timestamp, wall: Timestamp
    ) -> Bool {
        meet(sighting, at: now, wall: wall)
        seenAt = now
        let before = verdict
        (isDown, isLooping, isMissing, isStopping) = (false, false, false, false)
        switch sighting.finding {
        case .passed: pass(plan)
        case .failed where isAskedToEnd(at: now): spare()
        case .failed(let failure): fail("\(failure)", plan, at: now, wall: wall)
        case .missing:
            isMissing = true
            fail("there is no container", plan, at: now, wall: wall)
        case .down where isAskedToEnd(at: now): stop()
        case .down(let how):
            isDown = true
            turnUnhealthy(how, wall: wall)
        case .looping(let restarts):
            isLooping = true
            turnUnhealthy("was restarted \(restarts) times and does not stay up", wall: wall)
        case .stopped: stop()
        case .stopping(let asked):
            let at = now + (.zero - max(.zero, wall - asked))
            askedToEndAt = max(askedToEndAt ?? at, at)
            spare()
        // Its verdict stays: one that was ill is not well for being restarted.
        case .waiting: spare()
        case .finished:
            failures = 0
            verdict = .finished
        }
        guard verdict != before else { return false }
        isJudgedIdle = plan.use == .off
        (since, sinceOwn) = (wall, now)
        return true
    }

    /// It is about to be started again; nobody has seen it since.
    mutating func expectStart(at now: Timestamp) {
        expectedAt = now
    }

    /// It could not be started.
    mutating func expectNoStart() {
        expectedAt = nil
    }

    /// Failures that were counted before a leap say nothing of now.
    mutating func forgetFailures() {
        failures = 0
    }

    /// Whether the failure has lasted long enough for an act.
    func isDue(_ plan: WatchedPlan) -> Bool {
        verdict == .unhealthy && !isStopping && (isDown || isLooping || failures >= plan.fall)
    }

    /// The engine restarts a looping container itself, and one that is gone cannot be restarted.
    var isHopeless: Bool { isLooping || isMissing }

    /// Whether it is known to be well now, and not only by and large.
    var isWell: Bool {
        switch verdict {
        case .healthy: failures == 0 && !isStopping
        case .finished: true
        case .starting, .unhealthy, .stopped: false
        }
    }

    /// Whether it was started and has not come up yet.
    func isComing(_ plan: WatchedPlan, at now: Timestamp) -> Bool {
        expectedAt.map { now - $0 < plan.grace } ?? false || isWithinGrace(plan, at: now)
    }

    private func isWithinGrace(_ plan: WatchedPlan, at now: Timestamp) -> Bool {
        !hasPassedSinceStart && !isDown && !isMissing && now - startedAt < plan.grace
    }

    /// A start that was not seen before.
    private mutating func meet(_ sighting: Sighting, at now: Timestamp, wall: Timestamp) {
        guard let seen = sighting.start, seen != start else { return }
        let told = sighting.startedAt.map { max(.zero, wall - $0) } ?? .zero
        // One that was started since the last look has its grace, wherever the wall clock was set.
        let longest = seenAt.flatMap { start == nil ? nil : now - $0 }
        // It was not well while it did not run.
        if start != nil, verdict == .healthy { (since, sinceOwn) = (wall, now) }
        start = seen
        let age = min(told, longest ?? told)
        startedAt = now + (.zero - age)
        hasPassedSinceStart = false
        (askedToEndAt, expectedAt) = (nil, nil)
        (passes, failures) = (0, 0)
        // A set that was stopped on purpose, and is started to serve, begins anew.
        let isForgotten = verdict == .unhealthy && isJudgedIdle
        if verdict == .stopped || verdict == .finished || isForgotten { verdict = .starting }
    }

    private mutating func pass(_ plan: WatchedPlan) {
        passes += 1
        failures = 0
        hasPassedSinceStart = true
        if passes >= plan.rise { verdict = .healthy }
    }

    private mutating func fail(
        _ text: String, _ plan: WatchedPlan, at now: Timestamp, wall: Timestamp
    ) {
        passes = 0
        remember(text, wall: wall)
        // One that is within its grace may be ill or not.
        guard !isWithinGrace(plan, at: now) else { return }
        failures += 1
        if failures >= plan.fall { verdict = .unhealthy }
    }

    private func isAskedToEnd(at now: Timestamp) -> Bool {
        askedToEndAt.map { now - $0 < Self.longestStop } ?? false
    }

    /// It ends as somebody wants it to, which is no failure.
    private mutating func spare() {
        (passes, failures) = (0, 0)
        isStopping = true
    }

    private mutating func stop() {
        (passes, failures) = (0, 0)
        verdict = .stopped
    }

    private mutating func turnUnhealthy(_ text: String, wall: Timestamp) {
        passes = 0
        failures += 1
        remember(text, wall: wall)
        verdict = .unhealthy
    }

    private mutating func remember(_ text: String, wall: Timestamp) {
        lastFailures = lastFailures.suffix(Self.mostNotes - 1) + [ProbeNote(at: wall, text: text)]
    }
}
