@testable import BlueGreen

extension FormerCoreDeployment {
    /// Takes up a deployment whose process died. What the symlink says decides: with traffic on
    /// the candidate it is carried forward, with traffic elsewhere it is undone. The colour that
    /// has traffic is never cleaned up.
    ///
    /// - Parameter live: the colour that the symlink names; nil where it names none.
    mutating func recover(live: Colour?, at now: Timestamp) {
        guard outcome == nil else { return }
        let isOnCandidate = live == candidate.colour
        switch phase {
        case .waiting where live == previous?.colour:
            // It waits on, whoever began to wait for it.
            break
        case .diverting, .confirmingDiversion, .watchingCanary, .observingCanary:
            note(Failure(.crash, "The run that carried this deployment ended in its canary."))
            enter(isOnCandidate ? .confirming : .switchingBack, at: now)
        case .checkingRoom, .preparing, .watchingBefore, .waiting, .measuringBefore, .takingDown,
            .confirmingDown, .drainingDown,
            .stoppingPrevious, .starting, .probing, .pausing, .verifying, .arming,
            .runningHook(.beforeStart, _), .runningHook(.beforeSwitch, _), .verifyingAgain,
            .switching, .confirming:
            // The link may stand while the workers have not been reloaded yet: switch again.
            isOnCandidate ? enter(.switching, at: now) : undo(live: live, at: now)
        case .runningHook(.afterSwitch, _), .watchingBake, .baking, .endingBake, .draining,
            .stoppingSingletons, .handingOver,
            .retiring, .runningHook(.afterRetire, _):
            isOnCandidate ? enter(.confirming, at: now) : undo(live: live, at: now)
        case .cleaningUp where !hasMadeRoom:
            if isOnCandidate { enter(.switching, at: now) }
        case .cleaningUp, .withdrawing, .confirmingWithdrawal, .restoring, .switchingBack,
            .confirmingBack, .drainingBack, .stoppingSingletonsBack, .cleaningUpBehind,
            .handingBack:
            if isOnCandidate {
                goBack(at: now)
            } else if hasMadeRoom {
                enter(live == previous?.colour ? afterWithdrawal : .withdrawing, at: now)
            } else {
                // Also where the link names the previous colour: it may still give a share away.
                enter(.switchingBack, at: now)
            }
        case .finished:
            break
        }
    }

    /// Takes up again what ended without knowing, after the previous set gave way and before
    /// anybody had traffic again.
    mutating func resume(at now: Timestamp) {
        finishedAt = nil
        enter(.withdrawing, at: now)
    }

    /// Takes up again what went back without all that runs once, as where the engine did not
    /// answer. The candidate's may run still, so the way back is gone from where traffic is back.
    mutating func resumeHandingBack(at now: Timestamp) {
        finishedAt = nil
        enter(.confirmingBack, at: now)
    }

    private mutating func undo(live: Colour?, at now: Timestamp) {
        let isWhereItWas = live == previous?.colour || (hasMadeRoom && live == nil)
        if isPastSwitch || !isWhereItWas {
            note(Failure(.overtaken, "Traffic was moved while this deployment was interrupted."))
        } else {
            note(Failure(.crash, "The run that carried this deployment ended before the switch."))
        }
        // The previous set does not run, whoever brought traffic back to it.
        if hasMadeRoom { return enter(isPastSwitch ? .withdrawing : .cleaningUp, at: now) }
        // The candidate may have a share, and what runs once may have been handed over already.
        if hasDiverted || (isPastSwitch && hasSingletons) {
            return enter(.switchingBack, at: now)
        }
        switch kind {
        case .deploy, .coldRollback: enter(.cleaningUp, at: now)
        case .warmRollback: enter(.finished(.aborted), at: now)
        }
    }
}
