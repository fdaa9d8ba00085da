/// The remains of a candidate's containers, as far as they matter.
package enum CandidateRest: Hashable, Sendable {
    /// One of them runs or none ever did, or nobody looked, or there is no other set that serves.
    case running
    case stopped
    case none
    /// There are none of it, and another release serves in its colour, with traffic.
    case replaced
}

extension Deployment {
    /// Takes up a deployment whose process died. The symlink decides: with traffic on the candidate
    /// it is carried forward, with traffic elsewhere it is undone. The colour that has traffic is
    /// never cleaned up.
    ///
    /// - Parameters:
    ///   - live: the colour that the symlink names; nil where it names none.
    ///   - isDivided: whether the other colour has a share, which an old record may not tell.
    ///   - linkMadeAt: when the symlink got this word; nil where that is not known.
    ///   - rest: the remains of the candidate's containers.
    package mutating func recover(
        live: Colour?, isDivided: Bool = false, linkMadeAt: Timestamp? = nil,
        rest: CandidateRest = .running, at now: Timestamp
    ) {
        guard let position else { return }
        if isUnrecordedWayBack(from: position, live: live, linkMadeAt, rest) {
            if rest == .stopped { facts.note(.breached, at: now) }
            facts.note(.exposed, at: now)
            if !position.stage.isCanary { facts.note(.switched, at: now) }
        }
        if isDivided {
            facts.note(.diverted, at: now)
            facts.note(.exposed, at: now)
        }
        if rest == .replaced {
            log.noteCause(
                Failure(
                    .overtaken,
                    "Another release has traffic in \(candidate.colour) by now: the run that went "
                        + "there could not write down that this deployment is over."))
            return end(facts.has(.exposed) ? .rolledBack : .aborted, at: now)
        }
        if live == candidate.colour, rest != .running {
            log.noteCause(
                Failure(
                    .overtaken,
                    "The link names \(candidate.colour), where nothing of this deployment runs: "
                        + "its run could not write down that it went back, or somebody moved it."))
            // It is kept as what had traffic and was stopped.
            if rest == .stopped { facts.note(.breached, at: now) }
            facts.note(.exposed, at: now)
            return goBack(from: live, at: now)
        }
        switch position.way {
        case .forward:
            recoverForward(position, live: live, isDivided: isDivided, rest: rest, at: now)
        case .back: recoverBack(position, live: live, at: now)
        }
    }

    /// A run that could not write down how it went on, as on a full disk, may have gone the way back
    /// from a switch. The link was made anew then, or the candidate is stopped or removed, which is
    /// last on that way and which a run that was cut off before its switch has not done. The
    /// candidate had traffic, and what was kept of it is kept.
    private func isUnrecordedWayBack(
        from position: Position, live: Colour?, _ linkMadeAt: Timestamp?, _ rest: CandidateRest
    ) -> Bool {
        guard position.way == .forward, live == previous?.colour else { return false }
        let isLinkNewer =
            if let linkMadeAt, let begun = phases.last?.at { linkMadeAt >= begun } else { false }
        if position.stage.isCanary || position.stage == .route(.all(candidate.colour))
            || !isBeforeSwitch(position)
        {
            return isLinkNewer || (previous != nil && rest != .running)
        }
        // Once room is made it goes on without a record, and moves the link more than once.
        let hasRoom = facts.has(.madeRoom) || position.stage == .route(.nobody)
        return hasRoom && isLinkNewer && rest == .stopped
    }

    private mutating func recoverForward(
        _ position: Position, live: Colour?, isDivided: Bool, rest: CandidateRest,
        at now: Timestamp
    ) {
        let isOnCandidate = live == candidate.colour
        let isBefore = isBeforeSwitch(position)
        switch position.stage {
        // It waits on for any run that comes.
        case .approval where live == previous?.colour && !isDivided && rest != .none: break
        // Nothing of the release is there yet.
        case .openingHooks, .resolve: undo(live: live, isPastSwitch: false, at: now)
        case let stage where stage.isCanary || isDivided:
            log.noteCause(
                Failure(.crash, "The run that carried this deployment ended in its canary."))
            isOnCandidate ? carryOn(.confirming, at: now) : goBack(at: now)
        case .route(.all(candidate.colour)) where isOnCandidate:
            // The link may stand while the workers have not been reloaded yet: switch again.
            carryOn(.begun, at: now)
        case .approval, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks, .launch, .verify,
            .arm, .probeEdge, .endBaseline, .route, .watch, .drain, .stop, .prove, .retire,
            .cleanUp:
            isOnCandidate
                ? carryOn(isBefore ? .begun : .confirming, at: now)
                : undo(live: live, isPastSwitch: !isBefore, at: now)
        }
    }

    private mutating func recoverBack(_ position: Position, live: Colour?, at now: Timestamp) {
        let isOnCandidate = live == candidate.colour
        if !facts.has(.exposed), !facts.has(.madeRoom) {
            if isOnCandidate { carryOn(.begun, at: now) }
            return
        }
        facts.note(.exposed, at: now)
        goBack(from: live, at: now)
    }

    /// The whole way back. If no room was made, traffic is moved even to the linked colour: it may
    /// still give a share away.
    private mutating func goBack(from live: Colour?, at now: Timestamp) {
        let plan = order.back(facts)
        let isBack = facts.has(.madeRoom) && live == previous?.colour
        goOn(.back, isBack ? Array(plan.dropFirst()) : plan, at: now)
    }

    /// The candidate has all of the traffic.
    ///
    /// - Parameter mark: `.begun` if the workers may not have been told yet.
    private mutating func carryOn(_ mark: Mark, at now: Timestamp) {
        enter(
            Position(
                way: .forward, stage: .route(.all(candidate.colour)), mark: mark,
                remaining: order.afterSwitch(facts)),
            at: now)
    }

    private mutating func undo(live: Colour?, isPastSwitch: Bool, at now: Timestamp) {
        let isWhereItWas = live == previous?.colour || (facts.has(.madeRoom) && live == nil)
        let hadTraffic = isPastSwitch || facts.has(.switched) || facts.has(.exposed)
        if hadTraffic || !isWhereItWas {
            log.noteCause(
                Failure(
                    .overtaken,
                    hadTraffic
                        ? "The candidate had traffic, as far as can be told, and has it no more. "
                            + "Its run could not write down why, or traffic was moved by hand."
                        : "Traffic was moved while this deployment was interrupted."))
        } else {
            log.noteCause(
                Failure(.crash, "The run that carried this deployment ended before the switch."))
        }
        // It may have a share, and what runs once may have been handed over already.
        if hadTraffic { facts.note(.exposed, at: now) }
        if isPastSwitch { facts.note(.switched, at: now) }
        if facts.has(.madeRoom), !isPastSwitch { facts.forget(.exposed) }
        goBack(at: now)
    }

    /// Takes up again what ended without knowing who has traffic.
    ///
    /// A candidate that the link names is confirmed and carried on, unless the deployment was on its
    /// way back already and nobody has said otherwise since.
    ///
    /// - Parameter linkMadeAt: as in `recover`. A link that is newer than the end is a person's word.
    package mutating func reopen(
        live: Colour?, linkMadeAt: Timestamp? = nil, at now: Timestamp
    ) {
        // The candidate may have had requests meanwhile, whatever the link says now.
        facts.note(.exposed, at: now)
        facts.note(.switched, at: now)
        let isSaidSince =
            if let linkMadeAt, let finishedAt { linkMadeAt > finishedAt } else { false }
        live == candidate.colour && (!facts.has(.turnedBack) || isSaidSince)
            ? carryOn(.confirming, at: now) : goBack(from: live, at: now)
    }

    /// Takes up again what went back without all that runs once, as where the engine did not
    /// answer. The candidate's may run still, so the way back is gone from where traffic is back.
    package mutating func resumeHandingBack(at now: Timestamp) {
        let returned = Stage.route(Division(previous?.colour))
        let rest = order.back(facts).drop { $0 != returned }
        enter(
            Position(
                way: .back, stage: returned, mark: .confirming, remaining: Array(rest.dropFirst())),
            at: now)
    }
}
