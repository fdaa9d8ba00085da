extension Deployment {
    /// Takes up a deployment whose process died. What the symlink says decides: with traffic on
    /// the candidate it is carried forward, with traffic elsewhere it is undone. The colour that
    /// has traffic is never cleaned up.
    ///
    /// - Parameter live: the colour that the symlink names; nil where it names none.
    package mutating func recover(live: Colour?, at now: Timestamp) {
        guard outcome == nil else { return }
        let isOnCandidate = live == candidate.colour
        switch phase {
        case .checkingRoom, .preparing, .takingDown, .confirmingDown, .drainingDown,
            .stoppingPrevious, .starting, .probing, .pausing, .verifying, .arming, .switching,
            .confirming:
            // The link may stand while the workers have not been reloaded yet: switch again.
            isOnCandidate ? enter(.switching, at: now) : undo(live: live, at: now)
        case .draining, .stoppingSingletons, .handingOver, .retiring:
            isOnCandidate ? enter(.confirming, at: now) : undo(live: live, at: now)
        case .cleaningUp where !hasMadeRoom:
            if isOnCandidate { enter(.switching, at: now) }
        case .cleaningUp, .withdrawing, .restoring, .switchingBack, .confirmingBack,
            .stoppingSingletonsBack, .cleaningUpBehind, .handingBack:
            if isOnCandidate {
                goBack(at: now)
            } else if live == previous?.colour {
                enter(hasMadeRoom ? .cleaningUp : .confirmingBack, at: now)
            } else {
                enter(hasMadeRoom ? .cleaningUp : .switchingBack, at: now)
            }
        case .finished:
            break
        }
    }

    private mutating func undo(live: Colour?, at now: Timestamp) {
        if hasMadeRoom && live == nil {
            note(Failure(.crash, "The run that carried this deployment ended before the switch."))
            return enter(.cleaningUp, at: now)
        }
        if isPastSwitch || live != previous?.colour {
            note(Failure(.overtaken, "Traffic was moved while this deployment was interrupted."))
        } else {
            note(Failure(.crash, "The run that carried this deployment ended before the switch."))
        }
        // Whoever brought traffic back: what runs once may have been handed over before.
        if isPastSwitch && hasSingletons && live == previous?.colour {
            return enter(.confirmingBack, at: now)
        }
        switch kind {
        case .deploy, .coldRollback: enter(.cleaningUp, at: now)
        case .warmRollback: enter(.finished(.aborted), at: now)
        }
    }
}
