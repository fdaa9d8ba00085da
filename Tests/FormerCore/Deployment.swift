@testable import BlueGreen

/// A move of traffic from one release to another: what was asked, where it stands, what happened.
///
/// The loop asks `nextStep`, carries it out, and tells `record`. Nothing here reads a clock.
struct FormerCoreDeployment: Hashable, Codable, Sendable {
    /// Counts an app's deployments from 1.
    let number: Int
    let kind: DeploymentKind
    let candidate: Placement
    /// What the user called the release, a tag or a commit.
    let label: String?
    /// Who had traffic when this deployment began; nil on an app's first.
    let previous: Placement?
    /// In start order.
    let services: [PlannedService]
    /// Those of the previous release, in start order; nil where they are not known.
    let previousServices: [PlannedService]?
    let settings: DeploymentSettings
    let startedAt: Timestamp

    var phase: Phase
    /// When each phase began, by name, in order; neighbours of the same name are one entry.
    var phases: [PhaseBegin]
    /// The first failure; later ones are warnings.
    var failure: Failure?
    var warnings: [String] = []
    var finishedAt: Timestamp?

    /// When the last container was started; nil where it ran already.
    var containerStartedAt: Timestamp?
    /// Wider than those of the settings where the host has a load of its own.
    var bounds: SettleBounds?
    /// True where the previous colour has to go before the candidate fits, false where not even
    /// that would make it fit.
    var givesWay: Bool?
    /// Set where a replica that takes requests could not be restored.
    var isImpaired: Bool?
    /// Set where a singleton could not be started again in the previous colour.
    var hasLostSingletons: Bool?

    /// What nginx saw of the previous colour before anything changed.
    var baseline: RequestFigures?
    /// The last figures of each stage, in order.
    var observed: [ObservedStage]?
    /// Since when the previous colour is measured.
    var measuredSince: Timestamp?
    /// Set once the previous colour was measured, or could not be.
    var hasMeasured: Bool?
    /// Set once a person gave the candidate the word.
    var isPromoted: Bool?
    /// When the candidate got all of the traffic.
    var switchedAt: Timestamp?
    /// When the bake is over, also for a run that takes it up.
    var bakeEndsAt: Timestamp?
    /// Set where the candidate did badly with traffic; its containers are kept, stopped.
    var keepsCandidate: Bool?

    struct PhaseBegin: Hashable, Codable, Sendable {
        let name: String
        let at: Timestamp

        init(name: String, at: Timestamp) {
            self.name = name
            self.at = at
        }
    }

    init(_ request: Order, at now: Timestamp) {
        number = request.number
        kind = request.kind
        candidate = request.candidate
        label = request.label
        previous = request.previous
        services = request.services
        previousServices = request.previousServices
        settings = request.settings
        startedAt = now
        switch request.kind {
        case .deploy, .coldRollback: phase = .checkingRoom
        case .warmRollback: phase = .verifying
        }
        phases = []
        enter(phase, at: now)
    }

    var outcome: Outcome? {
        if case .finished(let outcome) = phase { outcome } else { nil }
    }

    /// Whether the previous colour was stopped to make room for the candidate, so that it does
    /// not run when the deployment has ended well.
    var stopsFirst: Bool { givesWay ?? false }

    /// Whether the set would fit with the previous colour stopped, as far as that was asked.
    var mayFitAlone: Bool { givesWay ?? true }

    /// Whether the previous colour may have lost its traffic, and then its containers, to the
    /// making of room.
    var hasMadeRoom: Bool { phases.contains { $0.name == Phase.takingDown.name } }

    /// Whether containers of the previous colour may have been stopped or removed for good.
    var hasBegunToRetire: Bool { phases.contains { $0.name == Phase.retiring.name } }

    /// Whether the act of switching, or of a first step towards it, may have happened.
    var isPastSwitch: Bool {
        switch phase {
        case .checkingRoom, .preparing, .takingDown, .confirmingDown, .drainingDown,
            .stoppingPrevious, .starting, .probing, .pausing, .verifying, .arming,
            .watchingBefore, .verifyingAgain, .measuringBefore, .waiting, .switching, .cleaningUp:
            false
        case .runningHook(let point, _):
            switch point {
            case .beforeStart, .beforeSwitch: false
            case .afterSwitch, .afterRetire: true
            }
        case .diverting, .confirmingDiversion, .watchingCanary, .observingCanary, .confirming,
            .watchingBake, .baking, .endingBake, .draining, .stoppingSingletons, .handingOver,
            .retiring, .withdrawing, .confirmingWithdrawal, .restoring, .switchingBack,
            .confirmingBack, .drainingBack, .stoppingSingletonsBack, .cleaningUpBehind,
            .handingBack:
            true
        case .finished(let outcome):
            outcome != .aborted
        }
    }

    /// Whether a signal may end the phase early. What takes a failed candidate away or brings
    /// traffic back is never interrupted, and neither are the acts that take milliseconds.
    var isInterruptible: Bool {
        switch phase {
        case .checkingRoom, .preparing, .drainingDown, .starting, .probing, .pausing, .verifying,
            .verifyingAgain, .measuringBefore, .waiting, .observingCanary, .baking, .draining:
            true
        case .runningHook(let point, _):
            switch point {
            case .beforeStart, .beforeSwitch: true
            case .afterSwitch, .afterRetire: false
            }
        case .watchingBefore, .takingDown, .confirmingDown, .stoppingPrevious, .arming,
            .diverting, .confirmingDiversion, .watchingCanary, .switching, .confirming,
            .watchingBake, .endingBake, .stoppingSingletons, .handingOver, .retiring, .cleaningUp,
            .withdrawing, .confirmingWithdrawal, .restoring,
            .switchingBack, .confirmingBack, .drainingBack, .stoppingSingletonsBack,
            .cleaningUpBehind, .handingBack, .finished:
            false
        }
    }

    mutating func enter(_ next: Phase, at now: Timestamp) {
        phase = next
        if phases.last?.name != next.name {
            phases.append(PhaseBegin(name: next.name, at: now))
        }
        if case .finished = next { finishedAt = now }
    }

    /// What was said once is not said again for every container.
    mutating func warn(_ warning: String) {
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    mutating func note(_ failure: Failure) {
        if self.failure == nil { self.failure = failure }
    }
}
