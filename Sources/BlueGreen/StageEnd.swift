/// The end that a stage has by its settings.
package struct StageEnd: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// It lasts so long.
        case certain
        /// It is over earlier if its aim is reached.
        case latest
    }

    package let kind: Kind
    package let at: Timestamp
    /// From the stage's beginning.
    package let length: Duration

    /// The part that has passed, from 0 to 1.
    package func passed(at now: Timestamp) -> Share {
        let passed = Share(length - (at - now), of: length).fraction
        return Share(fraction: min(max(passed, 0), 1))
    }
}

extension Deployment {
    /// The end of the present stage; nil where only its work ends it.
    package var stageEnd: StageEnd? {
        guard let position else { return nil }
        if position.stage == .endBaseline, let began = facts.milestones[.measuring] {
            let end = measureEnd(at: began)
            return StageEnd(kind: .latest, at: end, length: end - began)
        }
        guard let moment = position.mark.moment else { return nil }
        func end(_ kind: StageEnd.Kind, after length: Duration) -> StageEnd {
            StageEnd(kind: kind, at: moment, length: length)
        }
        switch position.stage {
        case .watch(let stage): return end(.certain, after: stage.time(settings))
        case .drain(.previous): return end(.latest, after: settings.drain)
        case .drain(.candidate): return end(.latest, after: drainBack)
        case .approval: return end(.latest, after: settings.promotion.time)
        case .prove: return end(.certain, after: order.proofTime)
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch, .verify, .arm, .probeEdge, .endBaseline, .route, .stop, .retire, .cleanUp:
            return nil
        }
    }

    /// The time of a stage that is still to come, where its settings say it; nil elsewhere.
    package func length(ahead stage: Stage) -> (kind: StageEnd.Kind, length: Duration)? {
        switch stage {
        case .watch(let stage): (.certain, stage.time(settings))
        case .drain(.previous): (.latest, settings.drain)
        case .drain(.candidate): (.latest, drainBack)
        case .approval: (.latest, settings.promotion.time)
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch, .verify, .arm, .probeEdge, .endBaseline, .route, .stop, .prove, .retire,
            .cleanUp:
            nil
        }
    }
}

extension BreachBounds {
    /// The greatest share of 5xx that a candidate may answer beside, or after, these figures.
    package func mostErrors(beside previous: RequestFigures?) -> Share {
        max(errors, measured(previous)?.errorShare ?? errors)
    }

    /// The greatest p95 of a candidate; nil where it is compared with nothing.
    package func mostLatency(beside previous: RequestFigures?) -> Duration? {
        measured(previous).map { max($0.p95 * latency, $0.p95 + Self.unnoticed) }
    }
}

/// The containers of a launch, in start order, and how far it is.
package struct LaunchProgress: Hashable, Sendable {
    package let containers: [PlannedReplica]
    /// So many from the first on are through.
    package let up: Int
    /// Whether the host has a rest before the next one.
    package let isResting: Bool
}

extension Deployment {
    /// nil where the present stage starts nothing.
    package var launching: LaunchProgress? {
        guard let position, case .launch(let cohort) = position.stage else { return nil }
        let launch = position.mark.launch
        let isResting = if case .resting = launch.state { true } else { false }
        let (containers, before) =
            switch cohort {
            case .shared: (order.ordinary, 0)
            case .coloured: (order.ordinary, order.containers(of: .shared).count)
            case .singletons, .previous, .previousSingletons: (order.containers(of: cohort), 0)
            }
        return LaunchProgress(
            containers: containers, up: before + launch.index, isResting: isResting)
    }
}

extension Deployment {
    /// Whether images may be pulled or built now.
    package var isPreparing: Bool { position?.stage == .prepare }
}
