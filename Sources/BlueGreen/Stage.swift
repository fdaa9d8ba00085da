/// One part of a deployment's way; the plan is a list of them.
package enum Stage: Hashable, Codable, Sendable {
    /// The before_start hooks on the host, before the compose file is read.
    case openingHooks
    /// The compose file is read, and the release recorded.
    case resolve
    /// Things of others, and a site that would not be served, are looked for; nothing is changed.
    case preflight
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
    /// The candidate is asked by way of the running nginx, as its visitors would.
    case probeEdge
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
    /// nginx and the candidate are looked at for the last time, before anything of the previous
    /// colour is stopped.
    case prove
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
        case .drain, .prove, .stop(_, .singletons), .launch(.singletons), .hooks(.afterRetire):
            [.passedSwitchHooks, .beganToEnd]
        case .retire: [.passedSwitchHooks, .beganToEnd, .beganToRetire]
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .verify,
            .arm, .probeEdge,
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
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch(.shared), .launch(.coloured), .launch(.singletons), .launch(.previous),
            .verify, .arm, .probeEdge, .endBaseline, .approval, .route, .watch, .drain,
            .stop(.previous, _), .stop(.candidate, .all), .prove, .retire, .cleanUp:
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

extension Stage {
    /// Whether the candidate has but a share of the requests.
    var isCanary: Bool {
        switch self {
        case .route(let division): division.share != nil
        case .watch(let stage): stage.comparesSideBySide
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch,
            .verify, .arm, .probeEdge, .endBaseline, .approval, .drain, .stop, .prove, .retire,
            .cleanUp:
            false
        }
    }
}

/// A division of the requests between the colours, as the router of traffic makes it.
package enum Division: Hashable, Codable, Sendable {
    /// nginx answers 503.
    case nobody
    case all(Colour)
    /// The colour gets the share; the other colour keeps the rest.
    case share(Share, to: Colour)

    package init(_ colour: Colour?) {
        self = colour.map { .all($0) } ?? .nobody
    }

    /// The colour that has traffic, or the rest of it.
    package var colour: Colour? {
        switch self {
        case .nobody: nil
        case .all(let colour): colour
        case .share(_, let colour): colour.other
        }
    }

    /// The share that the other colour gets.
    package var share: Share? {
        switch self {
        case .nobody, .all: nil
        case .share(let share, _): share
        }
    }
}

/// Which part of a deployment is observed.
package enum ObservationStage: Hashable, Codable, Sendable {
    /// The previous colour, before anything of it changes: what the candidate is compared with.
    case before
    /// The candidate has this share of the requests.
    case canary(Share)
    /// The candidate has all of them.
    case bake

    /// `canary 10%`
    package var name: String {
        switch self {
        case .before: "before"
        case .canary(let share): "canary \(share.preciseText)"
        case .bake: "bake"
        }
    }

    /// Both colours answer at the same time, and are compared so. A candidate that has everything
    /// is compared with the minutes before.
    var comparesSideBySide: Bool {
        switch self {
        case .canary: true
        case .before, .bake: false
        }
    }

    /// How long the stage is watched.
    func time(_ settings: DeploymentSettings) -> Duration {
        switch self {
        case .canary: settings.canary.every
        case .before, .bake: settings.bake.duration
        }
    }
}
