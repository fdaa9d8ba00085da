/// One part of a deployment's way; the plan is a list of them.
package enum Stage: Hashable, Codable, Sendable {
    /// The before_start hooks on the host, before the compose file is read.
    case openingHooks
    /// The compose file is read, and the release recorded.
    case resolve
    /// Have and need of the host's memory are compared; nothing is changed yet.
    case checkRoom
    /// Images, networks and containers are made; nothing runs yet.
    case prepare
    /// From here on nginx writes down the previous colour's answers.
    case beginBaseline
    case hooks(HookPoint)
    case launch(Cohort)
    /// Everything was up once; all of it is looked at together.
    case verify
    /// nginx gets the candidate's addresses.
    case arm
    /// The figures that the candidate will be compared with are read.
    case endBaseline
    /// A person says whether the candidate gets traffic.
    case approval
    /// Traffic is moved, and then proved to be there.
    case route(Division)
    /// The candidate has traffic, or a share of it, and may lose it again.
    case watch(ObservationStage)
    /// Requests in flight to the colour end.
    case drain(Side)
    case stop(Side, StopScope)
    case retire
    /// The candidate is taken away.
    case cleanUp
}

extension Stage {
    /// The milestones that hold as soon as the stage begins on the way forward.
    func milestonesForward(_ fit: Facts.Fit) -> [Facts.Milestone] {
        switch self {
        case .route(.nobody): [.madeRoom]
        case .route(.share): [.diverted, .exposed]
        case .watch(.bake): [.passedSwitchHooks]
        // A colour that makes room is drained long before the end.
        case .drain(.previous) where fit == .alone: []
        case .drain, .stop(_, .singletons), .launch(.singletons), .hooks(.afterRetire):
            [.passedSwitchHooks, .beganToEnd]
        case .retire: [.passedSwitchHooks, .beganToEnd, .beganToRetire]
        case .openingHooks, .resolve, .checkRoom, .prepare, .beginBaseline, .verify, .arm,
            .endBaseline, .approval, .cleanUp, .route(.all), .watch(.before), .watch(.canary),
            .stop(_, .all), .hooks(.beforeStart), .hooks(.beforeSwitch), .hooks(.afterSwitch),
            .launch(.shared), .launch(.coloured), .launch(.previous),
            .launch(.previousSingletons):
            []
        }
    }

    /// The milestones that hold as soon as the stage begins on the way back.
    var milestonesBack: [Facts.Milestone] {
        switch self {
        case .stop(.candidate, .singletons), .launch(.previousSingletons): [.handedBack]
        case .openingHooks, .resolve, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch(.shared), .launch(.coloured), .launch(.singletons), .launch(.previous),
            .verify, .arm, .endBaseline, .approval, .route, .watch, .drain, .stop(.previous, _),
            .stop(.candidate, .all), .retire, .cleanUp:
            []
        }
    }
}

/// One of the two sets of a deployment.
package enum Side: String, Hashable, Codable, Sendable {
    case previous
    case candidate
}

/// The containers of a colour that a stop is meant for.
package enum StopScope: String, Hashable, Codable, Sendable {
    case all
    case singletons
}

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
        case .openingHooks, .resolve, .checkRoom, .prepare, .launch(.shared), .launch(.coloured),
            .verify, .endBaseline, .approval, .hooks(.beforeStart), .hooks(.beforeSwitch):
            return .undoes
        case .watch(let watched):
            guard mark.moment != nil else { return .never }
            return watched == .bake ? .endsEarly : .undoes
        case .drain: return hasMadeRoom ? .undoes : .endsEarly
        case .beginBaseline, .arm, .route, .stop, .retire, .cleanUp, .launch(.singletons),
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
        case .resolve, .checkRoom, .prepare, .beginBaseline: "preparing"
        case .hooks(let point): point.phaseName
        case .launch(let cohort): word(launching: cohort)
        case .verify, .endBaseline: "probing"
        case .arm: "arming"
        case .approval: "waiting"
        case .route(.share), .watch(.canary): "canary"
        case .route(.nobody) where hasMadeRoom: way == .forward ? "making room" : "withdrawing"
        case .route: mark == .confirming ? "confirming" + suffix : "switching" + suffix
        case .watch(.bake), .watch(.before): "baking"
        case .drain(.previous), .stop(.previous, .all):
            hasMadeRoom ? "making room" : "draining"
        case .drain(.candidate): "draining back"
        case .stop(.previous, .singletons): "handing over"
        case .stop(.candidate, _): "handing back"
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
