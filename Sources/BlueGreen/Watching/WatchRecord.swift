/// All that a watch knows of one app from round to round. It is kept on disk, so that a timer's
/// process and a service's decide alike.
package struct WatchRecord: Hashable, Codable, Sendable {
    package internal(set) var clock: WatchClock
    /// When the last round was, by the wall clock.
    package internal(set) var lastRound: Timestamp
    package internal(set) var rounds = 0
    package internal(set) var replicas: [WatchedReplica: ReplicaRecord] = [:]
    package internal(set) var services: [WatchedService: ServiceRecord] = [:]
    /// nil while the host is well.
    package internal(set) var illness: HostIllness?
    /// Services that nginx does not reach, with the reason.
    package internal(set) var brokenEdges: [String: String] = [:]
    /// By service, how often in a row nginx did not reach it.
    var edgeFailures: [String: Int] = [:]
    /// The deployment whose run is gone, and the whole rounds in a row that found it so; nil where
    /// there is none.
    var cutOff: CutOff?
    /// Why the last round did nothing, for people; nil where nothing held it back.
    package internal(set) var hold: String?
    /// Until then nothing is done, by the watch's own clock.
    package internal(set) var restsUntil: Timestamp?
    /// The releases that were taken their traffic by the watch.
    package internal(set) var rolledBack: [ReleaseID] = []
    /// The active release, and when it got its traffic by the watch's own clock.
    package internal(set) var active: ActiveRelease?
    /// The act that was begun and has not ended, or whose process died.
    package internal(set) var act: WatchAct?
    /// The start of the replica that the act is to restart.
    var startBeforeAct: String?
    /// The states that people were told, and when by the watch's own clock.
    var told: [String: Timestamp] = [:]
    /// States that people were told of, and whose end they were not.
    var openStates: Set<String> = []

    package struct ActiveRelease: Hashable, Codable, Sendable {
        package let placement: Placement
        let promotedAt: Timestamp
    }

    struct CutOff: Hashable, Codable, Sendable {
        let number: Int
        var rounds = 1
    }

    package init(at moment: WatchMoment) {
        clock = WatchClock(at: moment)
        lastRound = moment.wall
    }

    /// The idle colour is looked at in every fourth round, and in each one where traffic may have
    /// to go back to it.
    package var looksAtIdle: Bool {
        rounds % 4 == 0
            || replicas.contains { $0.value.verdict == .unhealthy && isServing($0.key) }
    }

    /// Whether it is of the active release, or shared.
    func isServing(_ watched: WatchedReplica) -> Bool {
        watched.placement == nil || watched.placement == active?.placement
    }

    package var now: Timestamp { clock.now }
}

/// An act of a watch about a failure.
package enum WatchAct: Hashable, Codable, Sendable {
    case restart(WatchedReplica, reason: String)
    case rollBack(from: Placement, to: Placement, reason: String)

    package var reason: String {
        switch self {
        case .restart(_, let reason), .rollBack(_, _, let reason): reason
        }
    }
}

/// The outcome of a round.
package struct WatchDecision: Sendable {
    /// For the history.
    package internal(set) var events: [WatchEvent] = []
    /// Those of them that people are told now.
    package internal(set) var told: [WatchEvent] = []
    package internal(set) var act: WatchAct?
    /// Why nothing is done; nil where nothing had to be done or an act is.
    package internal(set) var hold: WatchHold?

    /// With what came of its act.
    package func adding(_ later: WatchDecision) -> WatchDecision {
        var all = self
        all.events += later.events
        all.told += later.told
        return all
    }
}
