/// A failed or interrupted step ends a deployment, sends it back, or is a warning.
extension Deployment {
    private enum Meaning {
        case goBack
        /// The failure is a warning.
        case goOn
        /// Nothing can be shown, and nothing more is done.
        case endUnknown
    }

    mutating func fail(_ failure: Failure, in position: Position, at now: Timestamp) {
        switch meaning(ofFailureIn: position) {
        case .goBack:
            log.note(failure)
            goBack(at: now)
        case .endUnknown:
            log.note(position.stage == .prove ? failure.withoutAWayBack(candidate) : failure)
            end(.unknown, at: now)
        case .goOn where position.way == .back:
            log.note(failure)
            noteOwed(in: position)
            pass(skipping(position, at: now), at: now)
        case .goOn:
            log.warn(failure.warning)
            noteOwed(in: position)
            position.stage == .endBaseline
                ? leaveMeasure(nil, position, at: now) : pass(position, at: now)
        }
    }

    private func meaning(ofFailureIn position: Position) -> Meaning {
        switch (position.way, position.stage) {
        case (.back, .route): .endUnknown
        case (.back, _): .goOn
        // There may be nothing left to go back to, and the link names the candidate.
        case (.forward, .route) where facts.has(.beganToRetire): .endUnknown
        // Nobody had traffic before, and a release that is ill is better than none.
        case (.forward, .prove) where previous == nil: .endUnknown
        // A lack of nginx's figures does not end a candidate: its containers and probes are looked
        // at all the same.
        case (.forward, .beginBaseline), (.forward, .endBaseline): .goOn
        case (.forward, .watch):
            position.mark.moment == nil ? .goOn : .goBack
        // The candidate has traffic and answers: the previous colour's rest is a warning.
        case (.forward, .drain): facts.has(.madeRoom) ? .goBack : .goOn
        case (.forward, .retire), (.forward, .hooks(.afterRetire)): .goOn
        // A release that worked is gone back to, and from there is nowhere to go back to.
        case (.forward, .hooks(.afterSwitch)): kind == .deploy ? .goBack : .goOn
        case (.forward, .openingHooks), (.forward, .resolve), (.forward, .preflight),
            (.forward, .checkRoom),
            (.forward, .prepare), (.forward, .hooks(.beforeStart)),
            (.forward, .hooks(.beforeSwitch)), (.forward, .launch), (.forward, .verify),
            (.forward, .arm), (.forward, .probeEdge), (.forward, .approval), (.forward, .route),
            (.forward, .stop),
            (.forward, .prove), (.forward, .cleanUp):
            .goBack
        }
    }

    mutating func goBack(at now: Timestamp) {
        facts.note(.turnedBack, at: now)
        goOn(.back, order.back(facts), at: now)
    }

    private mutating func noteOwed(in position: Position) {
        if let work = position.stage.owed(at: position.mark) { facts.owe(work) }
        guard case .launch(.previous) = position.stage else { return }
        let launch = position.mark.launch
        if case .resting = launch.state { return }
        let service = order.containers(of: .previous)[launch.index].service
        if service.role == .exposed { facts.owe(.servingReplica) }
    }

    /// On to the next container, whatever became of this one.
    private func skipping(_ position: Position, at now: Timestamp) -> Position {
        guard case .launching(var launch) = position.mark, launch.state == .starting else {
            return position
        }
        // It may run all the same, and then the host needs its rest.
        launch.startedAt = now
        launch.state = .probing
        var skipping = position
        skipping.mark = .launching(launch)
        return skipping
    }

    mutating func interrupt(signal: String, in position: Position, at now: Timestamp) {
        switch position.interruptibility(hasMadeRoom: facts.has(.madeRoom)) {
        case .endsEarly: endEarly(signal, position, at: now)
        case .undoes, .never:
            let failure = Failure(.signal(signal), "\(signal) asked for an end.")
            // Figures that fail to come are no reason to stop; a wish is.
            guard position.stage == .endBaseline else {
                return fail(failure, in: position, at: now)
            }
            log.noteCause(failure)
            goBack(at: now)
        }
    }

    private mutating func endEarly(_ signal: String, _ position: Position, at now: Timestamp) {
        let act = position.stage == .watch(.bake) ? "bake" : "drain"
        let handover = Stage.stop(.previous, .singletons)
        // Singletons are handed over all the same: half of them would run nowhere.
        if position.remaining.contains(handover) {
            log.warn(Warning(.signal(signal), "\(signal) ended the \(act) early."))
            let rest = position.remaining.drop { $0 != handover }
            return goOn(.forward, [.prove] + rest, at: now)
        }
        log.warn(
            Warning(
                .signal(signal),
                "\(signal) ended the \(act) early: the previous colour was left running."))
        if !order.hooks(at: .afterRetire).isEmpty {
            log.warn(
                Warning(
                    .signal(signal),
                    "The after_retire hooks were not run: nothing was retired."))
        }
        goOn(.forward, [.prove], at: now)
    }
}

extension Failure {
    fileprivate func withoutAWayBack(_ candidate: Placement) -> Failure {
        Failure(
            cause,
            message + " There is no previous release to go back to, so \(candidate.colour) keeps "
                + "its traffic.", logLines: logLines)
    }
}
