/// How a candidate with traffic is watched, and how a person is asked.
extension Deployment {
    /// The previous colour is measured at most this long, so that nothing grows while a slow
    /// release starts.
    package static let longestMeasure = Duration.seconds(600)
    /// A release that starts at once is waited with for so long, if fewer requests came than
    /// figures need.
    private static let shortestMeasure = Duration.seconds(10)
    /// A stage takes longer than its observation: the looks themselves, and what is slow.
    package static let margin = Duration.seconds(60)

    func measureEnd(at now: Timestamp) -> Timestamp {
        (facts.milestones[.measuring] ?? now) + Self.shortestMeasure
    }

    func watchEnd(of stage: ObservationStage, at now: Timestamp) -> Timestamp {
        // A run that takes the bake up does not begin it anew. It never lasts longer than asked
        // for, also if the clock was set back.
        let end = now + stage.time(settings)
        return min(facts.bakeEndsAt ?? end, end)
    }

    mutating func pass(_ stage: ObservationStage, _ position: Position, at now: Timestamp) {
        switch position.mark {
        case .ending: goOn(position.way, position.remaining, at: now)
        // Only an observation ends it.
        case .until: break
        case .begun, .confirming, .launching, .hook:
            let end = watchEnd(of: stage, at: now)
            if stage == .bake { facts.bakeEndsAt = end }
            mark(.until(end), position, at: now)
        }
    }

    mutating func observe(
        _ observation: Observation, in position: Position, at now: Timestamp
    ) {
        for warning in observation.warnings { log.warn(Warning(.observation, warning)) }
        if position.stage == .endBaseline {
            let count = observation.previous?.requests ?? .max
            guard now >= measureEnd(at: now) || count >= settings.bake.bounds.requests else {
                return
            }
            return leaveMeasure(observation.previous, position, at: now)
        }
        guard case .watch(let stage) = position.stage, let until = position.mark.moment else {
            return
        }
        keep(observation, of: stage)
        if let failure = breach(in: observation, of: stage) {
            facts.note(.breached, at: now)
            fail(failure, in: position, at: now)
        } else if now >= until {
            noteDoubt(about: observation, of: stage)
            stage == .bake
                ? mark(.ending, position, at: now)
                : goOn(position.way, position.remaining, at: now)
        }
    }

    mutating func leaveMeasure(
        _ figures: RequestFigures?, _ position: Position, at now: Timestamp
    ) {
        facts.baseline = figures
        goOn(position.way, position.remaining, at: now)
    }

    private mutating func keep(_ observation: Observation, of stage: ObservationStage) {
        facts.observed.removeAll { $0.stage == stage }
        facts.observed.append(
            ObservedStage(
                stage: stage, candidate: observation.candidate,
                previous: compared(observation, in: stage)))
    }

    private mutating func noteDoubt(about observation: Observation, of stage: ObservationStage) {
        guard let figures = observation.candidate else { return }
        let doubt = settings.bake.bounds.doubt(
            about: candidate.colour, figures, against: compared(observation, in: stage))
        if let doubt { log.warn(Warning(.observation, doubt)) }
    }

    private func compared(
        _ observation: Observation, in stage: ObservationStage
    ) -> RequestFigures? {
        stage.comparesSideBySide ? observation.previous : facts.baseline
    }

    /// Why the candidate loses its traffic after this look; nil where it keeps it.
    package func breach(in observation: Observation, of stage: ObservationStage) -> Failure? {
        if let trouble = observation.trouble { return trouble }
        guard let figures = observation.candidate, let previous else { return nil }
        let bounds = settings.bake.bounds
        let others = compared(observation, in: stage)
        let reason =
            bounds.errorBreach(of: figures, against: others).map {
                "\(candidate.colour) \($0(previous.colour))"
            }
            ?? bounds.latencyBreach(of: figures, against: others).map {
                "\(candidate.colour)'s \($0(previous.colour))"
            }
        return reason.map { Failure(.breach, $0, logLines: observation.logLines) }
    }

    /// A person's word about a deployment that waits.
    package enum Answer: Hashable, Sendable {
        case promote
        /// - Parameter reason: a whole sentence.
        case abort(reason: String)
    }

    /// Harmless where nothing waits.
    package mutating func answer(_ answer: Answer, at now: Timestamp) {
        guard let position, let until = waitsUntil else { return }
        switch answer {
        case .promote where now < until:
            goOn(position.way, position.remaining, at: now)
        case .promote:
            expire(at: now)
        case .abort(let reason):
            fail(Failure(.declined, reason), in: position, at: now)
        }
    }

    /// Whether its candidate is to be watched, so that the previous set still runs.
    package var isBeforeItsBakeEnds: Bool {
        guard let position, position.way == .forward else { return false }
        return position.stage == .watch(.bake) || position.remaining.contains(.watch(.bake))
    }

    /// The answer that it is not wanted, where it has got the traffic without a word.
    package mutating func withdraw(_ reason: String, at now: Timestamp) {
        guard position != nil else { return }
        facts.note(.exposed, at: now)
        log.note(Failure(.declined, reason))
        goBack(at: now)
    }

    /// Nobody said anything in time.
    package mutating func expire(at now: Timestamp) {
        guard let position, let until = waitsUntil, now >= until else { return }
        let time = settings.promotion.time
        fail(
            Failure(
                .unanswered,
                "Nobody promoted \(candidate.colour) within \(time.text) (`promote_within`)."),
            in: position, at: now)
    }
}
