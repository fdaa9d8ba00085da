extension Deployment {
    /// Moves on by the result of the step that `next` asked for. Harmless after the end.
    package mutating func record(_ result: StepResult, at now: Timestamp) {
        guard let position else { return }
        noteExposure(by: result, position, at: now)
        if isStillThere(by: result, position) {
            facts.forget(.exposed)
            return goOn(.back, order.back(facts), at: now)
        }
        switch result {
        case .done, .unneeded:
            pass(noting(result, at: now, in: position), at: now)
        case .doneWithWarning(let warning):
            log.warn(Warning(.act, warning))
            pass(position, at: now)
        case .resolved(let services): resolve(services, position, at: now)
        case .waited(let waits):
            facts.waits.add(waits)
            pass(position, at: now)
        case .unsettled(let strains, let wider, let waits):
            facts.bounds = wider
            facts.waits.add(waits)
            log.warn(
                Warning(
                    .unsettled,
                    "The host did not settle before `start.at_most` was over, and the start went "
                        + "on: " + strains.map(\.text).joined(separator: "; ") + "."))
            pass(position, at: now)
        case .observed(let observation): observe(observation, in: position, at: now)
        case .noRoom(let report): meetShortage(report, position, at: now)
        case .noRoomOnNodes(let room): meetShortage(on: room, position, at: now)
        case .failed(let failure): fail(failure, in: position, at: now)
        case .interrupted(let signal): interrupt(signal: signal, in: position, at: now)
        }
    }

    private mutating func resolve(
        _ services: [PlannedService], _ position: Position, at now: Timestamp
    ) {
        guard position.stage == .resolve else { return }
        guard !services.isEmpty else {
            let failure = Failure(.step(phase: phaseName), "The release has no services.")
            return fail(failure, in: position, at: now)
        }
        order.resolved = services
        goOn(.forward, order.forward(facts), at: now)
    }

    /// The act of switching may have happened, whatever came of it.
    private mutating func noteExposure(
        by result: StepResult, _ position: Position, at now: Timestamp
    ) {
        guard position.way == .forward, position.mark == .begun,
            position.stage == .route(.all(candidate.colour))
        else { return }
        facts.note(.exposed, at: now)
        if result == .done { facts.note(.switched, at: now) }
    }

    /// Whether a switch that failed has not happened: the way back found traffic where it was.
    private func isStillThere(by result: StepResult, _ position: Position) -> Bool {
        result == .unneeded && position.way == .back && position.mark == .begun
            && position.stage == .route(Division(previous?.colour))
            && !facts.has(.switched) && !facts.has(.diverted) && !facts.has(.madeRoom)
    }

    /// A container that was started begins the host's rest.
    private func noting(
        _ result: StepResult, at now: Timestamp, in position: Position
    ) -> Position {
        guard case .launching(var launch) = position.mark, launch.state == .starting else {
            return position
        }
        launch.startedAt = result == .done ? now : nil
        var noted = position
        noted.mark = .launching(launch)
        return noted
    }

    /// On from a step that has come to its end.
    mutating func pass(_ position: Position, at now: Timestamp) {
        switch position.stage {
        case .openingHooks: pass(settings.hooks.opening, position, at: now)
        case .hooks(let point): pass(order.hooks(at: point), position, at: now)
        case .launch(let cohort): pass(cohort, position, at: now)
        case .route where position.mark == .begun: mark(.confirming, position, at: now)
        case .watch(let stage): pass(stage, position, at: now)
        case .beginBaseline:
            facts.note(.measuring, at: now)
            goOn(position.way, position.remaining, at: now)
        // The services, an observation or a person's word end these.
        case .resolve, .endBaseline, .approval: break
        case .preflight, .checkRoom, .prepare, .verify, .arm, .probeEdge, .route, .drain, .stop,
            .prove, .retire, .cleanUp:
            goOn(position.way, position.remaining, at: now)
        }
    }

    private mutating func pass(_ hooks: [Hook], _ position: Position, at now: Timestamp) {
        let next = position.mark.hookIndex + 1
        guard next < hooks.count else {
            return goOn(position.way, position.remaining, at: now)
        }
        mark(.hook(next), position, at: now)
    }

    private mutating func pass(_ cohort: Cohort, _ position: Position, at now: Timestamp) {
        noteWait(in: cohort, position.mark.launch, at: now)
        let next = position.mark.launch.next(
            of: order.containers(of: cohort).count, restsAtItsEnd: cohort == .shared, settings,
            at: now)
        if let next { return mark(.launching(next), position, at: now) }
        var remaining = position.remaining
        // Nobody else serves meanwhile, so a replica that did not come up is tried again.
        if cohort == .previous, facts.owed.contains(.servingReplica),
            facts.restoringRounds < Self.restoringRounds
        {
            remaining = [.cleanUp, .launch(.previous)] + remaining
        }
        goOn(position.way, remaining, at: now)
    }

    private static let restoringRounds = 3

    private mutating func noteWait(in cohort: Cohort, _ launch: Launch, at now: Timestamp) {
        guard launch.state == .probing, let startedAt = launch.startedAt else { return }
        let service = order.containers(of: cohort)[launch.index].service
        facts.waits.add(now - startedAt, for: service.isOneShot ? .oneShot : .health)
    }

    /// Another mark of the same stage.
    mutating func mark(_ mark: Mark, _ position: Position, at now: Timestamp) {
        var next = position
        next.mark = mark
        enter(next, at: now)
    }

    /// On to the next stage of the plan, or to the end.
    mutating func goOn(_ way: Position.Way, _ plan: [Stage], at now: Timestamp) {
        guard let stage = plan.first else { return end(outcome(of: way), at: now) }
        note(stage, way, at: now)
        enter(
            Position(
                way: way, stage: stage, mark: firstMark(of: stage, at: now),
                remaining: Array(plan.dropFirst())),
            at: now)
    }

    private func outcome(of way: Position.Way) -> Outcome {
        switch way {
        case .forward: .promoted
        case .back where !facts.has(.exposed) && !facts.has(.madeRoom): .aborted
        case .back: facts.owed.contains(.servingReplica) ? .unknown : .rolledBack
        }
    }

    mutating func end(_ outcome: Outcome, at now: Timestamp) {
        state = .ended(outcome, at: now)
        log.enter(outcome.rawValue, at: now)
    }

    mutating func enter(_ position: Position, at now: Timestamp) {
        state = .underway(position)
        log.enter(position.word(hasMadeRoom: facts.has(.madeRoom)), at: now)
    }

    private func firstMark(of stage: Stage, at now: Timestamp) -> Mark {
        switch stage {
        case .openingHooks, .hooks: .hook(0)
        case .launch: .launching(Launch())
        case .drain(.previous): .until(now + settings.drain)
        case .drain(.candidate): .until(now + drainBack)
        case .approval: .until(now + settings.promotion.time)
        case .prove: .until(now + order.proofTime)
        case .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .verify, .arm,
            .probeEdge, .endBaseline, .route, .watch, .stop, .retire, .cleanUp:
            .begun
        }
    }

    /// A candidate that failed is not worth longer. Most of its requests end in milliseconds, and
    /// nginx's idle connections in 2 s.
    private static let longestDrainBack = Duration.seconds(10)

    var drainBack: Duration { min(settings.drain, Self.longestDrainBack) }

    /// The facts that hold as soon as a stage begins.
    private mutating func note(_ stage: Stage, _ way: Position.Way, at now: Timestamp) {
        let milestones =
            switch way {
            case .forward: stage.milestonesForward(facts.fit)
            case .back: stage.milestonesBack
            }
        for milestone in milestones { facts.note(milestone, at: now) }
        // Another try may bring back what the last one lost.
        switch stage {
        case .launch(.previous):
            facts.settle(.servingReplica)
            facts.restoringRounds += 1
        case .launch(.previousSingletons): facts.settle(.singletons)
        case .cleanUp: facts.settle(.cleanUp)
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch(.shared), .launch(.coloured), .launch(.singletons), .verify, .arm,
            .probeEdge, .endBaseline, .approval, .route, .watch, .drain, .stop, .prove,
            .retire:
            break
        }
    }
}
