@testable import BlueGreen

/// What becomes of a deployment that fails: the way back from wherever it stands.
extension FormerCoreDeployment {
    mutating func fail(_ failure: Failure, at now: Timestamp) {
        if self.failure == nil { self.failure = failure } else { warn(failure.message) }
        switch phase {
        case .checkingRoom, .preparing, .starting, .probing, .pausing, .verifying, .arming,
            .verifyingAgain, .waiting, .takingDown, .confirmingDown, .drainingDown,
            .stoppingPrevious:
            abandon(at: now)
        case .watchingBefore, .measuringBefore, .watchingCanary, .watchingBake, .endingBake:
            goOnUnwatched(failure, at: now)
        case .runningHook(let point, let index):
            failHook(index, of: point, failure, at: now)
        case .switching where hasBegunToRetire, .confirming where hasBegunToRetire:
            // There may be nothing left to go back to, and the link names the candidate.
            enter(.finished(.unknown), at: now)
        case .diverting, .confirmingDiversion, .observingCanary, .switching, .confirming, .baking,
            .stoppingSingletons, .handingOver:
            goBack(at: now)
        case .draining:
            // The candidate has traffic and answers: what is left behind is a warning.
            demote(failure)
            enter(hasSingletons ? .stoppingSingletons : .retiring, at: now)
        case .retiring:
            demote(failure)
            enterHooks(of: .afterRetire, at: now)
        case .cleaningUp where !hasMadeRoom:
            enter(.finished(.aborted), at: now)
        case .cleaningUp, .drainingBack, .stoppingSingletonsBack, .cleaningUpBehind:
            advanceBack(at: now)
        case .restoring(let launch):
            // What can be brought back is brought back, and the failure has been said.
            noteLoss(of: launch)
            skip(launch, previousOrdinary, at: now, restoringOrSwitchingBack)
        case .handingBack(let launch):
            hasLostSingletons = true
            skip(launch, previousSingletons, at: now, handingBackOrEnding)
        case .withdrawing, .confirmingWithdrawal, .switchingBack, .confirmingBack:
            enter(.finished(.unknown), at: now)
        case .finished: break
        }
    }

    mutating func interrupt(signal: String, at now: Timestamp) {
        guard let act = actThatMayEndEarly else {
            let failure = Failure(.signal(signal), "\(signal) asked for an end.")
            // Figures that fail to come are no reason to stop; a wish is.
            guard case .measuringBefore = phase else { return fail(failure, at: now) }
            note(failure)
            return abandon(at: now)
        }
        // What may run only once is handed over all the same: half of it would be nowhere.
        if hasSingletons {
            warnings.append("\(signal) ended the \(act) early.")
            return enter(.stoppingSingletons, at: now)
        }
        warnings.append("\(signal) ended the \(act) early: the previous colour was left running.")
        if !hooks(at: .afterRetire).isEmpty {
            warnings.append("The after_retire hooks were not run: nothing was retired.")
        }
        enter(.finished(.promoted), at: now)
    }

    /// The candidate has all of the traffic and answers.
    private var actThatMayEndEarly: String? {
        if case .draining = phase { return "drain" }
        if case .baking = phase { return "bake" }
        return nil
    }

    /// Before the act of switching. The containers of a warm rollback ran before it and stay.
    mutating func abandon(at now: Timestamp) {
        switch kind {
        case .deploy, .coldRollback: enter(.cleaningUp, at: now)
        case .warmRollback: enter(.finished(.aborted), at: now)
        }
    }

    /// After the act of switching; a failed one may have happened or not.
    mutating func goBack(at now: Timestamp) {
        enter(hasMadeRoom ? .withdrawing : .switchingBack, at: now)
    }

    mutating func advanceBack(at now: Timestamp) {
        switch phase {
        case .withdrawing: enter(.confirmingWithdrawal, at: now)
        case .confirmingWithdrawal: enter(afterWithdrawal, at: now)
        case .cleaningUp where hasMadeRoom:
            isImpaired = nil
            begin(previousOrdinary, at: now, restoringOrSwitchingBack)
        case .cleaningUp: enter(.finished(.aborted), at: now)
        case .restoring(let launch):
            go(on: launch, previousOrdinary, at: now, restoringOrSwitchingBack)
        case .switchingBack: enter(.confirmingBack, at: now)
        case .confirmingBack:
            let drains = previous != nil && !hasMadeRoom
            let end = now + min(settings.drain, Self.longestDrainBack)
            enter(drains ? .drainingBack(until: end) : afterBack, at: now)
        case .drainingBack: enter(afterBack, at: now)
        case .stoppingSingletonsBack:
            enter(hasMadeRoom ? .cleaningUp : .cleaningUpBehind, at: now)
        case .cleaningUpBehind:
            hasLostSingletons = nil
            begin(previousSingletons, at: now, handingBackOrEnding)
        case .handingBack(let launch):
            go(on: launch, previousSingletons, at: now, handingBackOrEnding)
        case .checkingRoom, .preparing, .takingDown, .confirmingDown, .drainingDown,
            .stoppingPrevious, .starting, .probing, .pausing, .verifying, .arming,
            .watchingBefore, .runningHook, .verifyingAgain, .measuringBefore, .waiting, .diverting,
            .confirmingDiversion, .watchingCanary, .observingCanary, .switching, .confirming,
            .watchingBake, .baking, .endingBake, .draining, .stoppingSingletons, .handingOver,
            .retiring, .finished:
            break
        }
    }

    private mutating func noteLoss(of launch: Launch) {
        switch launch {
        case .pausing: break
        case .starting(let index), .probing(let index):
            if previousOrdinary[index].service.role == .exposed { isImpaired = true }
        }
    }

    /// On to the next container, whatever became of this one.
    private mutating func skip(
        _ launch: Launch, _ containers: [PlannedReplica], at now: Timestamp,
        _ phase: (Launch?) -> Phase
    ) {
        switch launch {
        case .starting(let index):
            // It may run all the same, and then the host needs its rest.
            containerStartedAt = now
            go(on: .probing(index), containers, at: now, phase)
        case .probing, .pausing:
            go(on: launch, containers, at: now, phase)
        }
    }

    /// What failed is not worth longer; most of its requests end in milliseconds, and nginx's
    /// idle connections in 2 s.
    private static let longestDrainBack = Duration.seconds(10)

    private var afterBack: Phase {
        // Where room was made, the candidate went before the previous set came back.
        hasSingletons && !hasMadeRoom ? .stoppingSingletonsBack : .cleaningUpBehind
    }

    /// Where the previous set was stopped: the candidate goes before it comes back.
    var afterWithdrawal: Phase { hasSingletons ? .stoppingSingletonsBack : .cleaningUp }

    /// Nobody else serves meanwhile, so what did not come up is tried again, at most so often.
    private static let restoringRounds = 3

    private var restoringOrSwitchingBack: (Launch?) -> Phase {
        let rounds = phases.filter { $0.name == Phase.restoring(.starting(0)).name }.count
        let triesAgain = (isImpaired ?? false) && rounds < Self.restoringRounds
        return { $0.map { .restoring($0) } ?? (triesAgain ? .cleaningUp : .switchingBack) }
    }

    private var handingBackOrEnding: (Launch?) -> Phase {
        let ending = isImpaired ?? false ? Outcome.unknown : .rolledBack
        return { $0.map { .handingBack($0) } ?? .finished(ending) }
    }

    mutating func demote(_ failure: Failure) {
        if self.failure == failure { self.failure = nil }
        if !warnings.contains(failure.message) { warnings.append(failure.message) }
    }
}
