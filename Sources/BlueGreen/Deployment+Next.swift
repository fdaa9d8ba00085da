extension Deployment {
    /// The step to perform now, a person's turn, or the end.
    package func next(at now: Timestamp) -> Next {
        switch state {
        case .ended(let outcome, _): return .ended(outcome)
        case .underway(let position):
            return step(at: position, now).map { .perform($0) }
                ?? .waitForPerson(until: position.mark.moment ?? now)
        }
    }

    /// - Returns: nil where a person has the word.
    private func step(at position: Position, _ now: Timestamp) -> Step? {
        let (mark, moment) = (position.mark, position.mark.moment ?? now)
        switch position.stage {
        case .openingHooks: return .runHook(settings.hooks.opening[mark.hookIndex], .beforeStart)
        case .resolve: return .resolve
        case .preflight: return .preflight
        case .checkRoom: return .checkRoom
        case .prepare: return .prepare
        case .beginBaseline: return .beginWatch(until: now + Self.longestMeasure)
        case .hooks(let point): return .runHook(order.hooks(at: point)[mark.hookIndex], point)
        case .launch(let cohort): return step(launching: cohort, mark.launch)
        case .verify: return .verify
        case .arm: return .arm(candidate.colour)
        case .probeEdge: return .probeEdge(candidate.colour)
        case .approval: return nil
        case .endBaseline: return .observe(.before, until: measureEnd(at: now))
        case .route(let division):
            return mark == .confirming ? .confirm(division) : .route(division)
        case .watch(let stage): return step(watching: stage, mark, now)
        case .drain(let side): return .drain(colour(of: side), until: moment)
        case .stop(let side, .all): return .stop(colour(of: side))
        case .stop(let side, .singletons): return .stopSingletons(colour(of: side))
        case .prove: return .prove(until: moment)
        case .retire: return .retire(colour(of: .previous), settings.previous)
        case .cleanUp:
            let colour = candidate.colour
            return keepsItsSet ? .stop(colour) : .cleanUp(colour)
        }
    }

    private func step(launching cohort: Cohort, _ launch: Launch) -> Step {
        launch.step(
            order.containers(of: cohort), of: order.placement(of: cohort),
            facts.bounds ?? settings.settle, settings)
    }

    private func step(watching stage: ObservationStage, _ mark: Mark, _ now: Timestamp) -> Step {
        switch mark {
        case .until(let moment): .observe(stage, until: moment)
        case .ending: .endWatch
        case .begun, .confirming, .launching, .hook:
            .beginWatch(until: watchEnd(of: stage, at: now) + Self.margin)
        }
    }

    private func colour(of side: Side) -> Colour {
        switch side {
        case .candidate: candidate.colour
        case .previous: previous?.colour ?? candidate.colour.other
        }
    }
}
