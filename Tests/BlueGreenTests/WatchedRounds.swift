import TestSupport

@testable import BlueGreen

/// Rounds 15 s apart over one release of two services beside a shared one.
struct WatchedRounds {
    static let blue = Placement(colour: .blue, release: Sample.release(2))
    static let green = Placement(colour: .green, release: Sample.release(1))
    static let web1 = WatchedReplica(blue, Replica(service: "web", index: 1))
    static let web2 = WatchedReplica(blue, Replica(service: "web", index: 2))
    static let api = WatchedReplica(blue, Replica(service: "api", index: 1))
    static let db = WatchedReplica(nil, Replica(service: "db", index: 1))
    static let ill = Sighting.Finding.failed(.status(503))
    static let settings = WatchSettings(every: .seconds(15), fall: 3, rise: 2)

    var record = WatchRecord(at: WatchMoment(wall: Sample.moment, uptime: .zero, boot: "a"))
    var settings = WatchedRounds.settings
    var reaction = WatchSettings.Reaction.restart
    var wall = Sample.moment
    var uptime = Duration.zero
    var boot = "a"
    /// The present start of all containers, and when it was by the wall clock.
    var start = "1"
    var startedAt = Sample.moment
    var occupation: WatchHold?
    var illness: HostIllness?
    var wayBack = WayBackCase(
        active: WatchedRounds.blue, promotedAt: Sample.moment, isRollback: false,
        wasRolledBack: false, previous: nil)
    var plans = [
        plan(nil, "db", .shared, .notify), plan(WatchedRounds.blue, "api", .internal),
        plan(WatchedRounds.blue, "web", .exposed, needs: ["api"]),
    ]

    static func plan(
        _ placement: Placement?, _ name: String, _ role: ServiceRole,
        _ use: ServiceWatch = .restart, needs: Set<String> = []
    ) -> WatchedPlan {
        WatchedPlan(
            placement, PlannedService(name: name, role: role), use: use, dependencies: needs,
            WatchedRounds.settings)
    }

    @discardableResult
    mutating func take(_ found: [WatchedReplica: Sighting.Finding]) -> WatchDecision {
        wall = wall + .seconds(15)
        uptime += .seconds(15)
        let all = [
            WatchedRounds.web1, WatchedRounds.web2, WatchedRounds.api,
            WatchedRounds.db,
        ]
        let others = found.keys.filter { !all.contains($0) }
        let round = WatchRound(
            at: WatchMoment(wall: wall, uptime: uptime, boot: boot), gap: .seconds(40),
            plans: plans,
            sightings: (all + others).map {
                Sighting($0, found[$0] ?? .passed, start: start, startedAt: startedAt)
            }, illness: illness, occupation: occupation, wayBack: wayBack)
        return record.take(round, settings, reaction)
    }

    /// - Returns: the decision of the last.
    @discardableResult
    mutating func take(
        _ count: Int, _ found: [WatchedReplica: Sighting.Finding]
    ) -> WatchDecision {
        for _ in 1..<count { take(found) }
        return take(found)
    }
}
