/// A move of traffic from one release to another: what was asked, where it stands, what happened.
///
/// The loop asks `nextStep`, carries it out, and tells `record`. Nothing here reads a clock.
package struct Deployment: Hashable, Codable, Sendable {
    /// Counts an app's deployments from 1.
    package let number: Int
    package private(set) var kind: DeploymentKind
    package let candidate: Placement
    /// What the user called the release, a tag or a commit.
    package let label: String?
    /// Who had traffic when this deployment began; nil on an app's first.
    package let previous: Placement?
    /// In start order.
    package let services: [PlannedService]
    package let settings: DeploymentSettings
    package let startedAt: Timestamp

    package private(set) var phase: Phase
    /// When each phase began, by name, in order; neighbours of the same name are one entry.
    package private(set) var phases: [PhaseBegin]
    /// The first failure; later ones are warnings.
    package private(set) var failure: Failure?
    package private(set) var warnings: [String] = []
    package private(set) var finishedAt: Timestamp?

    private var serviceStartedAt: Timestamp?

    package struct PhaseBegin: Hashable, Codable, Sendable {
        package let name: String
        package let at: Timestamp

        package init(name: String, at: Timestamp) {
            self.name = name
            self.at = at
        }
    }

    package struct Request: Sendable {
        package var number: Int
        package var kind: DeploymentKind
        package var candidate: Placement
        package var label: String?
        package var previous: Placement?
        package var services: [PlannedService]
        package var settings: DeploymentSettings

        package init(
            number: Int, kind: DeploymentKind, candidate: Placement, label: String?,
            previous: Placement?, services: [PlannedService], settings: DeploymentSettings
        ) {
            self.number = number
            self.kind = kind
            self.candidate = candidate
            self.label = label
            self.previous = previous
            self.services = services
            self.settings = settings
        }
    }

    package init(_ request: Request, at now: Timestamp) {
        number = request.number
        kind = request.kind
        candidate = request.candidate
        label = request.label
        previous = request.previous
        services = request.services
        settings = request.settings
        startedAt = now
        switch request.kind {
        case .deploy, .coldRollback: phase = .preparing
        case .warmRollback: phase = .verifying
        }
        phases = []
        enter(phase, at: now)
    }

    package var outcome: Outcome? {
        if case .finished(let outcome) = phase { outcome } else { nil }
    }

    /// Whether the act of switching may have happened.
    package var isPastSwitch: Bool {
        switch phase {
        case .preparing, .starting, .probing, .pausing, .verifying, .arming, .switching,
            .cleaningUp:
            false
        case .confirming, .draining, .retiring, .switchingBack, .confirmingBack,
            .cleaningUpBehind:
            true
        case .finished(let outcome):
            outcome != .aborted
        }
    }

    /// Whether a signal may end the phase early. What takes a failed candidate away or brings
    /// traffic back is never interrupted, and neither are the acts that take milliseconds.
    package var isInterruptible: Bool {
        switch phase {
        case .preparing, .starting, .probing, .pausing, .verifying, .draining: true
        case .arming, .switching, .confirming, .retiring, .cleaningUp, .switchingBack,
            .confirmingBack, .cleaningUpBehind, .finished:
            false
        }
    }

    /// What to do now; nil when the deployment is finished.
    package func nextStep(at now: Timestamp) -> Step? {
        switch phase {
        case .preparing: .prepare
        case .starting(let index): .start(services[index])
        case .probing(let index): .awaitUp(services[index])
        case .pausing(let index, let until):
            now < until ? .wait(until: until) : .start(services[index])
        case .verifying: .verify
        case .arming: .arm(candidate.colour)
        case .switching: .switchTraffic(to: candidate.colour)
        case .confirming: .confirm(candidate.colour)
        case .draining(let until): drainStep(until: until)
        case .retiring: retireStep
        case .cleaningUp, .cleaningUpBehind: .cleanUp(candidate.colour)
        case .switchingBack: .switchTraffic(to: previous?.colour)
        case .confirmingBack: .confirm(previous?.colour)
        case .finished: nil
        }
    }

    private func drainStep(until: Timestamp) -> Step? {
        previous.map { .drain($0.colour, until: until) }
    }

    private var retireStep: Step? {
        previous.map { .retire($0.colour, settings.previous) }
    }

    package mutating func record(_ result: StepResult, of step: Step, at now: Timestamp) {
        switch result {
        case .done:
            advance(after: step, at: now)
        case .doneWithWarning(let warning):
            warnings.append(warning)
            advance(after: step, at: now)
        case .failed(let failure):
            fail(failure, at: now)
        case .interrupted(let signal):
            interrupt(signal: signal, at: now)
        }
    }

    private mutating func advance(after step: Step, at now: Timestamp) {
        switch phase {
        case .preparing:
            enter(services.isEmpty ? .verifying : .starting(0), at: now)
        case .starting(let index), .pausing(let index, _):
            // A wait that is over leaves the phase; only a start begins the probing.
            guard case .start = step else { return enter(.starting(index), at: now) }
            serviceStartedAt = now
            enter(.probing(index), at: now)
        case .probing(let index):
            enter(afterUp(index, at: now), at: now)
        case .verifying: enter(.arming, at: now)
        case .arming: enter(.switching, at: now)
        case .switching: enter(.confirming, at: now)
        case .confirming: enter(afterConfirm(at: now), at: now)
        case .draining: enter(.retiring, at: now)
        case .retiring: enter(.finished(.promoted), at: now)
        case .cleaningUp: enter(.finished(.aborted), at: now)
        case .switchingBack: enter(.confirmingBack, at: now)
        case .confirmingBack: enter(.cleaningUpBehind, at: now)
        case .cleaningUpBehind: enter(.finished(.rolledBack), at: now)
        case .finished: break
        }
    }

    private func afterUp(_ index: Int, at now: Timestamp) -> Phase {
        guard index + 1 < services.count else { return .verifying }
        let rested = (serviceStartedAt ?? now) + settings.startPause
        return now < rested ? .pausing(index + 1, until: rested) : .starting(index + 1)
    }

    private func afterConfirm(at now: Timestamp) -> Phase {
        guard let previous, previous.colour != candidate.colour else { return .finished(.promoted) }
        return .draining(until: now + settings.drain)
    }

    private mutating func fail(_ failure: Failure, at now: Timestamp) {
        if self.failure == nil { self.failure = failure } else { warnings.append(failure.message) }
        switch phase {
        case .preparing, .starting, .probing, .pausing, .verifying, .arming, .switching:
            abandon(at: now)
        case .confirming:
            enter(.switchingBack, at: now)
        case .draining:
            // The candidate has traffic and answers: what is left behind is a warning.
            demote(failure)
            enter(.retiring, at: now)
        case .retiring:
            demote(failure)
            enter(.finished(.promoted), at: now)
        case .cleaningUp: enter(.finished(.aborted), at: now)
        case .cleaningUpBehind: enter(.finished(.rolledBack), at: now)
        case .switchingBack, .confirmingBack: enter(.finished(.unknown), at: now)
        case .finished: break
        }
    }

    /// A failed act of switching may have happened or not, so traffic is put back in any case.
    /// The containers of a warm rollback ran before it and stay as they were.
    private mutating func abandon(at now: Timestamp) {
        if phase == .switching { return enter(.switchingBack, at: now) }
        switch kind {
        case .deploy, .coldRollback: enter(.cleaningUp, at: now)
        case .warmRollback: enter(.finished(.aborted), at: now)
        }
    }

    private mutating func demote(_ failure: Failure) {
        if self.failure == failure { self.failure = nil }
        if !warnings.contains(failure.message) { warnings.append(failure.message) }
    }

    private mutating func interrupt(signal: String, at now: Timestamp) {
        if isPastSwitch {
            warnings.append(
                "\(signal) ended the drain early: the previous colour was left running.")
            return enter(.finished(.promoted), at: now)
        }
        fail(Failure(.signal(signal), "\(signal) asked for an end."), at: now)
    }

    mutating func enter(_ next: Phase, at now: Timestamp) {
        phase = next
        if phases.last?.name != next.name {
            phases.append(PhaseBegin(name: next.name, at: now))
        }
        if case .finished = next { finishedAt = now }
    }

    mutating func note(_ failure: Failure) {
        if self.failure == nil { self.failure = failure }
    }
}
