import BlueGreen
import TestSupport

/// A host with one app that serves, as a watch meets it: what is true, and what its rounds are told.
struct WatchedWorld {
    /// The truth about one container.
    enum Health: Equatable {
        case well
        case ill
        case down
        case stopped
        /// A person has asked the engine to end it, and it takes its time.
        case stopping
        /// A run of Teal has stopped it, and starts it again.
        case restarting
        case looping
    }

    struct Truth {
        var health = Health.well
        var start = 0
        /// By the true time.
        var startedAt: Duration
        /// A restart helps.
        var isCurable = true
        /// By the wall clock.
        var askedToEndAt: Timestamp?
    }

    static let settings = WatchSettings(
        every: .seconds(15), fall: 3, rise: 2, grace: .seconds(60), onFailure: .rollback)

    private(set) var generator: SeededGenerator
    /// The true time, which nothing moves but its passing; the host sleeps a part of it.
    private(set) var time = Duration.seconds(100_000)
    private(set) var uptime = Duration.seconds(5_000)
    private(set) var wall = Sample.moment
    private(set) var boot = 1
    private(set) var active = Placement(colour: .blue, release: Sample.release(1))
    private(set) var previous: Placement?
    private(set) var promotedAt: Duration
    private(set) var isRollback = false
    private(set) var rolledBack: Set<ReleaseID> = []
    var truths: [WatchedReplica: Truth] = [:]
    var isDeploying = false
    var isInMaintenance = false
    var isPersonAtWork = false
    var illness: HostIllness?
    private(set) var releases: UInt16 = 1
    /// Something came between this round and the one before.
    private(set) var hasLeapt = true
    /// Those about which the engine has told an event since the last round.
    private(set) var events: Set<WatchedReplica> = []
    /// The engine remembers whom it was asked to end.
    private(set) var remembersStops = true

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        promotedAt = time
        fill(active)
        for replica in Self.shared { truths[replica] = Truth(startedAt: time) }
    }

    static let services: [(name: String, role: ServiceRole, replicas: Int, needs: Set<String>)] = [
        ("db", .shared, 1, []), ("api", .internal, 2, ["db"]), ("web", .exposed, 2, ["api", "db"]),
        ("worker", .singleton, 1, []),
    ]
    private static let shared = [WatchedReplica(nil, Replica(service: "db", index: 1))]

    func replicas(of placement: Placement) -> [WatchedReplica] {
        Self.services.filter { $0.role != .shared }.flatMap { service in
            (1...service.replicas).map {
                WatchedReplica(placement, Replica(service: service.name, index: $0))
            }
        }
    }

    private mutating func fill(_ placement: Placement) {
        for replica in replicas(of: placement) { truths[replica] = Truth(startedAt: time) }
    }

    // MARK: Time

    var moment: WatchMoment { WatchMoment(wall: wall, uptime: uptime, boot: "boot \(boot)") }

    mutating func pass(_ duration: Duration) {
        time += duration
        uptime += duration
        wall = wall + duration
    }

    mutating func roundIsOver() { hasLeapt = false }

    /// What happens until the next round.
    mutating func live() {
        events = []
        pass(.milliseconds(Int64(13_500 + generator.next() % 3_000)))
        if generator.isOne(in: 60) { leap() }
        endStops(generator.isOne(in: 4))
        if generator.isOne(in: 5) { strike() }
        remembersStops = generator.isOne(in: 2)
        if generator.isOne(in: isInMaintenance ? 4 : 80) { isInMaintenance.toggle() }
        if generator.isOne(in: isPersonAtWork ? 4 : 60) {
            isPersonAtWork.toggle()
            isPersonAtWork ? beginRestart() : endRestarts()
        }
        if generator.isOne(in: isDeploying ? 4 : 60) { deploy() }
        switch generator.next() % 40 {
        case 0: illness = .prober
        case 1: illness = .starved("memory")
        case 2: illness = .engine("no answer")
        case 3...9: illness = nil
        default: break
        }
    }

    private mutating func endStops(_ areOver: Bool) {
        guard areOver else { return }
        for key in truths.keys.sorted() where truths[key]?.health == .stopping {
            truths[key]?.health = .stopped
            events.insert(key)
        }
    }

    private mutating func beginRestart() {
        let well = truths.keys.sorted().filter { truths[$0]?.health == .well }
        guard !well.isEmpty else { return }
        // Without a draw, so that all else of a seed's life stays as it is.
        let victim = well[Int(wall.milliseconds.magnitude % UInt64(well.count))]
        truths[victim]?.health = .restarting
        events.insert(victim)
    }

    private mutating func endRestarts() {
        for key in truths.keys where truths[key]?.health == .restarting {
            truths[key]?.health = .well
            truths[key]?.start += 1
            truths[key]?.startedAt = time
        }
    }

    private mutating func leap() {
        hasLeapt = true
        endStops(true)
        switch generator.next() % 4 {
        // The wall clock is set, forward or back.
        case 0: wall = wall + .seconds(Int(generator.next() % 20_000) - 10_000)
        // The host is suspended.
        case 1:
            let slept = Duration.seconds(600 + Int(generator.next() % 7_200))
            time += slept
            wall = wall + slept
        // Nobody looks.
        case 2: pass(.seconds(300 + Int(generator.next() % 3_600)))
        default:
            let away = Duration.seconds(30 + Int(generator.next() % 300))
            time += away
            wall = wall + away
            uptime = .seconds(20)
            boot += 1
        }
    }

    private mutating func strike() {
        let all = truths.keys.sorted()
        let victim = all[Int(generator.next() % UInt64(all.count))]
        let healths: [Health] = [
            .ill, .ill, .ill, .down, .down, .stopped, .stopping, .looping, .well, .well, .well,
            .well, .well, .well, .well,
        ]
        let health = healths[Int(generator.next() % UInt64(healths.count))]
        truths[victim]?.health = health
        switch health {
        case .down, .stopped: events.insert(victim)
        case .stopping:
            truths[victim]?.askedToEndAt = wall
            events.insert(victim)
        case .well, .ill, .looping, .restarting: break
        }
        truths[victim]?.isCurable = !generator.isOne(in: 3)
        // One ill service may take another one with it.
        if generator.isOne(in: 4) {
            for replica in all where replica.placement == active && replica.replica.service == "api"
            {
                truths[replica]?.health = .ill
            }
        }
    }

    private mutating func deploy() {
        isDeploying.toggle()
        guard !isDeploying else { return }
        releases += 1
        let next = Placement(colour: active.colour.other, release: Sample.release(releases))
        truths = truths.filter { $0.key.placement == active || $0.key.placement == nil }
        (previous, active) = (active, next)
        fill(next)
        (promotedAt, isRollback) = (time, false)
    }

    // MARK: Acts

    /// - Returns: whether it came up.
    mutating func restart(_ watched: WatchedReplica) {
        guard var truth = truths[watched] else { return }
        truth.start += 1
        truth.startedAt = time
        truth.health = truth.isCurable ? .well : truth.health == .looping ? .looping : .ill
        truths[watched] = truth
    }

    mutating func rollBack() {
        guard let previous else { return }
        rolledBack.insert(active.release)
        (self.previous, active) = (active, previous)
        (promotedAt, isRollback) = (time, true)
    }

    // MARK: What a round is told

    var occupation: WatchHold? {
        if isPersonAtWork { return .run("`teal restart`") }
        if isDeploying { return .deployment(number: Int(releases)) }
        return isInMaintenance ? .maintenance : nil
    }

    func plans(_ placement: Placement, isIdle: Bool = false) -> [WatchedPlan] {
        Self.services.filter { !isIdle || $0.role != .shared && $0.role != .singleton }.map {
            let check = HealthCheck(method: .tcp(port: 80))
            let planned = PlannedService(
                name: $0.name, role: $0.role, replicas: $0.replicas, healthCheck: check)
            let use: ServiceWatch = isIdle ? .off : $0.role == .shared ? .notify : .restart
            return WatchedPlan(
                $0.role == .shared ? nil : placement, planned, use: use, dependencies: $0.needs,
                Self.settings)
        }
    }

    func sighting(of watched: WatchedReplica) -> Sighting {
        guard let truth = truths[watched] else { return Sighting(watched, .missing) }
        let finding: Sighting.Finding =
            switch truth.health {
            case .well: isDependencyIll(of: watched) ? .failed(.status(503)) : .passed
            case .ill: .failed(.timedOut(.seconds(2)))
            case .down: .down("ended with exit code 1")
            case .stopped: .stopped
            case .restarting: .waiting
            case .stopping:
                remembersStops || events.contains(watched)
                    ? .stopping(since: truth.askedToEndAt ?? wall) : .failed(.status(503))
            case .looping: .looping(restarts: 5)
            }
        return Sighting(
            watched, illness == nil ? finding : .failed(.timedOut(.seconds(2))),
            start: "\(truth.start)", startedAt: wall + (truth.startedAt - time),
            took: .milliseconds(3))
    }

    /// Who needs an ill service fails too.
    func isDependencyIll(of watched: WatchedReplica) -> Bool {
        let needs = Self.services.first { $0.name == watched.replica.service }?.needs ?? []
        return truths.contains { key, truth in
            needs.contains(key.replica.service) && truth.health != .well
                && (key.placement == nil || key.placement == watched.placement)
        }
    }

    var wayBack: WayBackCase {
        let idle = previous.map { placement in
            (
                placement,
                replicas(of: placement).filter { $0.replica.service != "worker" }
            )
        }
        return WayBackCase(
            active: active, promotedAt: wall + (promotedAt - time), isRollback: isRollback,
            wasRolledBack: rolledBack.contains(active.release), previous: idle)
    }
}
