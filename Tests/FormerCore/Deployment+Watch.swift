@testable import BlueGreen

/// How a candidate gets traffic step by step, is watched with it, and loses it again.
extension FormerCoreDeployment {
    /// The previous colour is measured at most this long, so that nothing grows while a slow
    /// release starts.
    static let longestMeasure = Duration.seconds(600)
    /// A release that starts at once is waited with for so long, where fewer requests came than
    /// figures need.
    static let shortestMeasure = Duration.seconds(10)
    /// A stage takes longer than its observation: the looks themselves, and what is slow.
    static let margin = Duration.seconds(60)

    /// What goes back is not watched: there is nowhere to go back to from there.
    private var mayGoBack: Bool { kind == .deploy && previous != nil }

    /// Whether nginx writes anything down for this deployment.
    var isWatched: Bool { bakes || !canarySteps.isEmpty }

    var bakes: Bool { mayGoBack && settings.bake.duration > .zero }

    /// Empty where nobody is there to leave the rest to.
    var canarySteps: [Share] { mayGoBack && !stopsFirst ? settings.canary.steps : [] }

    var measuresBefore: Bool { isWatched && !stopsFirst }

    /// Whether a person has the word now, and until when.
    var waitsUntil: Timestamp? {
        if case .waiting(let until) = phase { until } else { nil }
    }

    /// Whether the candidate may have had a share of the requests.
    var hasDiverted: Bool { phases.contains { $0.name == Phase.diverting(0).name } }

    /// From when on the candidate's containers are held to account.
    var hadTrafficSince: Timestamp {
        let canary = phases.last { $0.name == Phase.diverting(0).name }?.at
        return canary ?? switchedAt ?? startedAt
    }

    func afterVerification(at now: Timestamp) -> Phase {
        measuresBefore && !(hasMeasured ?? false) ? .measuringBefore : afterMeasure(at: now)
    }

    private func afterMeasure(at now: Timestamp) -> Phase {
        if case .manual(let time) = settings.promotion, kind == .deploy, !(isPromoted ?? false) {
            return .waiting(until: now + time)
        }
        return canarySteps.isEmpty ? .switching : .diverting(0)
    }

    mutating func bake(at now: Timestamp) {
        let end = bakeEnd(at: now)
        bakeEndsAt = end
        enter(.baking(until: end), at: now)
    }

    /// A run that takes the bake up does not begin it anew.
    func bakeEnd(at now: Timestamp) -> Timestamp {
        // At most what was asked for, also where the clock was set back.
        min(bakeEndsAt ?? now + settings.bake.duration, now + settings.bake.duration)
    }

    /// A candidate is not given up because nginx's figures cannot be had: its containers and its
    /// probes are looked at all the same.
    mutating func goOnUnwatched(_ failure: Failure, at now: Timestamp) {
        demote(failure)
        if case .measuringBefore = phase { return leaveMeasure(nil, at: now) }
        advance(at: now)
    }

    mutating func observe(_ observation: Observation, at now: Timestamp) {
        observation.warnings.forEach { warn($0) }
        if case .measuringBefore = phase {
            let count = observation.previous?.requests ?? .max
            let isOver = now >= (measuredSince ?? now) + Self.shortestMeasure
            guard isOver || count >= settings.bake.bounds.requests else { return }
            leaveMeasure(observation.previous, at: now)
        }
        if case .observingCanary(let index, let until) = phase {
            let next = index + 1 == canarySteps.count ? Phase.switching : .diverting(index + 1)
            judge(
                observation, in: .canary(canarySteps[index]), until: until, then: next, at: now)
        } else if case .baking(let until) = phase {
            judge(observation, in: .bake, until: until, then: .endingBake, at: now)
        }
    }

    private mutating func leaveMeasure(_ figures: RequestFigures?, at now: Timestamp) {
        hasMeasured = true
        baseline = figures
        enter(afterMeasure(at: now), at: now)
    }

    private mutating func judge(
        _ observation: Observation, in stage: ObservationStage, until: Timestamp,
        then next: Phase, at now: Timestamp
    ) {
        keep(observation, of: stage)
        if let failure = breach(in: observation, of: stage) {
            keepsCandidate = true
            fail(failure, at: now)
        } else if now >= until {
            enter(next, at: now)
        }
    }

    private mutating func keep(_ observation: Observation, of stage: ObservationStage) {
        var stages = observed ?? []
        stages.removeAll { $0.stage == stage }
        stages.append(
            ObservedStage(
                stage: stage, candidate: observation.candidate,
                previous: compared(observation, in: stage)))
        observed = stages
    }

    /// In a canary both colours answer at the same time; once the candidate has everything, the
    /// minutes before are what there is.
    private func compared(
        _ observation: Observation, in stage: ObservationStage
    ) -> RequestFigures? {
        switch stage {
        case .canary: observation.previous
        case .bake, .before: baseline
        }
    }

    /// Why the candidate loses its traffic after this look; nil where it keeps it.
    func breach(in observation: Observation, of stage: ObservationStage) -> Failure? {
        if let trouble = observation.trouble { return trouble }
        guard let figures = observation.candidate, let previous else { return nil }
        let bounds = settings.bake.bounds
        let others = compared(observation, in: stage)
        let reason =
            bounds.errorBreach(of: figures).map { "\(candidate.colour) \($0)" }
            ?? bounds.latencyBreach(of: figures, against: others).map {
                "\(candidate.colour)'s \($0(previous.colour))"
            }
        return reason.map { Failure(.breach, $0, logLines: observation.logLines) }
    }

    /// What a person says about a deployment that waits.
    enum Answer: Hashable, Sendable {
        case promote
        /// - Parameter reason: a whole sentence.
        case abort(reason: String)
    }

    /// Harmless where nothing waits.
    mutating func answer(_ answer: Answer, at now: Timestamp) {
        guard case .waiting(let until) = phase else { return }
        switch answer {
        case .promote where now < until:
            isPromoted = true
            enter(.arming, at: now)
        case .promote:
            expire(at: now)
        case .abort(let reason):
            fail(Failure(.declined, reason), at: now)
        }
    }

    /// Nobody said anything in time.
    mutating func expire(at now: Timestamp) {
        guard case .waiting(let until) = phase, now >= until else { return }
        let time = until - (phases.last?.at ?? until)
        fail(
            Failure(
                .unanswered,
                "Nobody promoted \(candidate.colour) within \(time.text) (`promote_within`)."),
            at: now)
    }
}
