/// One container that a watch looks at, whatever becomes of the container itself.
package struct WatchedReplica: Hashable, Codable, Sendable, Comparable {
    /// nil for a shared service.
    package let placement: Placement?
    package let replica: Replica

    package init(_ placement: Placement?, _ replica: Replica) {
        self.placement = placement
        self.replica = replica
    }

    package var service: WatchedService { WatchedService(placement, replica.service) }

    /// `green web-1`, or `db-1`.
    package var name: String {
        (placement.map { "\($0.colour) " } ?? "") + replica.description
    }

    package static func < (left: WatchedReplica, right: WatchedReplica) -> Bool {
        (left.service, left.replica) < (right.service, right.replica)
    }
}

/// A service of one release in its colour, or a shared one.
package struct WatchedService: Hashable, Codable, Sendable, Comparable {
    package let placement: Placement?
    package let name: String

    package init(_ placement: Placement?, _ name: String) {
        self.placement = placement
        self.name = name
    }

    package static func < (left: WatchedService, right: WatchedService) -> Bool {
        (left.placement?.colour.rawValue ?? "", left.name)
            < (right.placement?.colour.rawValue ?? "", right.name)
    }
}

/// The finding of one look at one container.
package struct Sighting: Hashable, Sendable {
    package enum Finding: Hashable, Sendable {
        /// Its check passed; without a check it runs.
        case passed
        case failed(ProbeFailure)
        /// It does not run, and nobody asked for that; how it ended.
        case down(String)
        /// Somebody has stopped it by hand.
        case stopped
        /// Somebody has asked the engine to end it, when by the wall clock, and it has not ended.
        case stopping(since: Timestamp)
        /// The engine starts it again and again.
        case looping(restarts: Int)
        /// A run of Teal has ended it, or has not started it yet, and starts it in its time.
        case waiting
        /// There is no container of it.
        case missing
        /// It has done its work.
        case finished
    }

    package let watched: WatchedReplica
    /// Tells one start of one container from all others; nil where there is none.
    package let start: String?
    /// By the wall clock; nil where nobody knows.
    package let startedAt: Timestamp?
    package let finding: Finding
    /// How long the probe took; nil where there was none.
    package let took: Duration?

    package init(
        _ watched: WatchedReplica, _ finding: Finding, start: String? = nil,
        startedAt: Timestamp? = nil, took: Duration? = nil
    ) {
        self.watched = watched
        self.finding = finding
        self.start = start
        self.startedAt = startedAt
        self.took = took
    }
}

/// How one service is watched.
package struct WatchedPlan: Hashable, Sendable {
    package let service: WatchedService
    package let role: ServiceRole
    /// The acts that are allowed; `off` for the idle colour, which is known and not told about.
    package let use: ServiceWatch
    /// The services whose failure is the cause of its own, near and far.
    package let dependencies: Set<String>
    /// So many passes in a row, and so many failures.
    package let rise: Int
    package let fall: Int
    /// For so long after a start failures do not count.
    package let grace: Duration

    /// - Parameter settings: `rise`, `fall` and `grace` of the app come before those of the check.
    package init(
        _ placement: Placement?, _ planned: PlannedService, use: ServiceWatch,
        dependencies: Set<String>, _ settings: WatchSettings
    ) {
        service = WatchedService(placement, planned.name)
        role = planned.role
        self.use = use
        self.dependencies = dependencies
        let check = planned.healthCheck
        // Docker has counted already when it says so.
        let isCounted = check?.isMadeByDocker ?? false
        rise = isCounted ? 1 : settings.rise ?? check?.rise ?? 1
        fall = isCounted ? 1 : settings.fall ?? check?.fall ?? 1
        grace = settings.grace ?? check?.deadline ?? .zero
    }
}

/// Why a failing container says nothing of the app.
package enum HostIllness: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Everything fails at once, and the host has no more to give.
    case starved(String)
    /// The engine does not answer.
    case engine(String)
    /// The program that looks does not reach its own host.
    case prober

    package var description: String {
        switch self {
        case .starved(let strains): "every replica fails, and the host is short of \(strains)"
        case .engine(let reason): "the engine does not answer: \(reason)"
        case .prober: "the prober does not reach its own loopback address"
        }
    }
}

/// Why a round only records.
package enum WatchHold: Hashable, Sendable, CustomStringConvertible {
    case leap(WatchClock.Leap)
    /// A run of Teal holds the app, `teal deploy`.
    case run(String)
    /// A deployment waits for a person.
    case deployment(number: Int)
    /// The run of an unfinished deployment is gone.
    case cutOff(number: Int)
    case maintenance
    /// Nobody can say who has traffic, or what was deployed; why.
    case unclear(String)
    case illness(HostIllness)
    /// The rest after a rollback.
    case coolDown(left: Duration)

    package var description: String {
        switch self {
        case .leap(.first): "this was the first round"
        case .leap(.reboot): "the host was started anew"
        case .leap(.clock(let difference)):
            "the clock was set, or the host suspended (\(difference.text))"
        case .leap(.gap(let time)): "nobody had looked for \(time.text)"
        case .run(let holder): "\(holder) is under way"
        case .deployment(let number): "deployment \(number) is not finished"
        case .cutOff(let number): "the run of deployment \(number) is gone"
        case .maintenance: "the app is in maintenance"
        case .unclear(let reason): reason
        case .illness(let illness): illness.description
        case .coolDown(let left): "the rest after a rollback lasts \(left.text) more"
        }
    }
}

/// Whether traffic may go back to the previous colour.
package struct WayBackCase: Hashable, Sendable {
    package let active: Placement
    /// By the wall clock; nil where the history does not tell.
    package let promotedAt: Timestamp?
    /// The active release came by a rollback itself.
    package let isRollback: Bool
    /// The active release was taken its traffic before.
    package let wasRolledBack: Bool
    /// The previous colour's release and its containers that must be healthy; nil where it does
    /// not run.
    package let previous: (placement: Placement, replicas: [WatchedReplica])?

    package init(
        active: Placement, promotedAt: Timestamp?, isRollback: Bool, wasRolledBack: Bool,
        previous: (placement: Placement, replicas: [WatchedReplica])?
    ) {
        self.active = active
        self.promotedAt = promotedAt
        self.isRollback = isRollback
        self.wasRolledBack = wasRolledBack
        self.previous = previous
    }

    package static func == (left: WayBackCase, right: WayBackCase) -> Bool {
        left.active == right.active && left.promotedAt == right.promotedAt
            && left.isRollback == right.isRollback && left.wasRolledBack == right.wasRolledBack
            && left.previous?.placement == right.previous?.placement
            && left.previous?.replicas == right.previous?.replicas
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(active)
    }
}

/// All that one round found.
package struct WatchRound: Sendable {
    package var moment: WatchMoment
    /// The longest usual time between two rounds.
    package var gap: Duration
    /// In start order: each after what it depends on.
    package var plans: [WatchedPlan]
    package var sightings: [Sighting]
    /// A look at some containers only, because of an event.
    package var isPartial: Bool
    package var illness: HostIllness?
    package var occupation: WatchHold?
    package var wayBack: WayBackCase?
    /// The findings by way of nginx, by exposed service.
    package var edges: [String: EdgeFinding]

    package init(
        at moment: WatchMoment, gap: Duration, plans: [WatchedPlan], sightings: [Sighting],
        isPartial: Bool = false, illness: HostIllness? = nil, occupation: WatchHold? = nil,
        wayBack: WayBackCase? = nil, edges: [String: EdgeFinding] = [:]
    ) {
        self.moment = moment
        self.gap = gap
        self.plans = plans
        self.sightings = sightings
        self.isPartial = isPartial
        self.illness = illness
        self.occupation = occupation
        self.wayBack = wayBack
        self.edges = edges
    }
}

/// The fate of a request by way of nginx.
package enum EdgeFinding: Hashable, Sendable {
    case reached
    /// nginx did not answer, or did not reach the container.
    case broken(String)
}
