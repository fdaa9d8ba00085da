/// Where inside a stage a deployment stands. A mark is left only by the result of its step.
package enum Mark: Hashable, Codable, Sendable {
    case begun
    /// Traffic was moved; the running nginx has not proved it yet.
    case confirming
    case launching(Launch)
    /// The hook at this index is run.
    case hook(Int)
    /// The stage lasts at most, or at least, until the moment.
    case until(Timestamp)
    /// The stage's watch is over, and nginx is told so.
    case ending

    var moment: Timestamp? {
        if case .until(let moment) = self { moment } else { nil }
    }

    /// A launch that has not begun where the mark is another one.
    var launch: Launch {
        if case .launching(let launch) = self { launch } else { Launch() }
    }

    /// 0 where the mark is another one.
    var hookIndex: Int {
        if case .hook(let index) = self { index } else { 0 }
    }
}

/// Where a deployment stands, and all that is still to come.
package struct Position: Hashable, Codable, Sendable {
    /// The direction of a deployment; it never turns forward again, but for a recovery.
    package enum Way: String, Codable, Sendable {
        case forward
        case back
    }

    package internal(set) var way: Way
    package internal(set) var stage: Stage
    package internal(set) var mark: Mark
    /// In order.
    package internal(set) var remaining: [Stage]
}

extension Position {
    /// Whether a signal may end the stage early.
    enum Interruptibility {
        /// The deployment is undone.
        case undoes
        /// The candidate has all of the traffic and answers: only the wait ends.
        case endsEarly
        /// It takes milliseconds, or brings traffic back, or takes a failed candidate away.
        case never
    }

    /// - Parameter hasMadeRoom: whether the previous colour gave way to the candidate.
    func interruptibility(hasMadeRoom: Bool) -> Interruptibility {
        guard way == .forward else { return .never }
        switch stage {
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .launch(.shared),
            .launch(.coloured),
            .verify, .probeEdge, .endBaseline, .approval, .hooks(.beforeStart),
            .hooks(.beforeSwitch):
            return .undoes
        case .watch(let watched):
            guard mark.moment != nil else { return .never }
            return watched == .bake ? .endsEarly : .undoes
        case .drain: return hasMadeRoom ? .undoes : .endsEarly
        case .beginBaseline, .arm, .route, .stop, .prove, .retire, .cleanUp, .launch(.singletons),
            .launch(.previous), .launch(.previousSingletons), .hooks(.afterSwitch),
            .hooks(.afterRetire):
            return .never
        }
    }

    /// The word for history and progress, for people only; stable, since `--json` prints it.
    ///
    /// - Parameter hasMadeRoom: whether the previous colour gave way to the candidate.
    func word(hasMadeRoom: Bool) -> String {
        switch stage {
        case .openingHooks: HookPoint.beforeStart.phaseName
        case .resolve, .preflight, .checkRoom, .prepare, .beginBaseline: "preparing"
        case .hooks(let point): point.phaseName
        case .launch(let cohort): word(launching: cohort)
        case .verify, .endBaseline: "probing"
        case .arm: "arming"
        case .probeEdge: "probing edge"
        case .approval: Deployment.waitingWord
        case let stage where stage.isCanary: "canary"
        case .route(.nobody) where hasMadeRoom: way == .forward ? "making room" : "withdrawing"
        case .route: mark == .confirming ? "confirming" + suffix : "switching" + suffix
        case .watch: "baking"
        case .drain(.previous), .stop(.previous, .all):
            hasMadeRoom ? "making room" : "draining"
        case .drain(.candidate): "draining back"
        case .stop(.previous, .singletons): "handing over"
        case .stop(.candidate, _): "handing back"
        case .prove: "proving"
        case .retire: "retiring"
        case .cleanUp: "cleaning up"
        }
    }

    private var suffix: String { way == .back ? " back" : "" }

    private func word(launching cohort: Cohort) -> String {
        switch cohort {
        case .shared, .coloured:
            mark.launch.state == .probing ? "probing" : "starting"
        case .singletons: "handing over"
        case .previous: "restoring"
        case .previousSingletons: "handing back"
        }
    }
}
