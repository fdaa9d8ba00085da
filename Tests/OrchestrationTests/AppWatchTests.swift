import BlueGreen
import Synchronization
import TestSupport
import Testing

@testable import Orchestration

/// What a watch keeps, whom it tells, and who holds the app.
private final class ScriptedWatch: WatchStore, WatchGate, WatchAnnouncer, WatchHost {
    struct State {
        var record: WatchRecord?
        var rows: [ProbeRow] = []
        var events: [WatchEvent] = []
        var told: [WatchEvent.Kind] = []
        var saves = 0
        var loss: LostWatchRecord?
        /// The save with this number fails, and those after it.
        var failsFrom: Int?
        var occupant: WatchOccupant?
        /// Another run has the lock when the watch comes.
        var isTaken = false
        var uptime = Duration.zero
        var reachesItself = true
    }

    struct Full: Error, CustomStringConvertible {
        let description = "The disk is full."
    }

    private let state = Mutex(State())
    private let host: ScriptedHost

    init(_ host: ScriptedHost) { self.host = host }

    func with<Value: Sendable>(_ body: (inout State) throws -> Value) rethrows -> Value {
        try state.withLock { state in try body(&state) }
    }

    func record() async throws -> WatchRecord? {
        try with { state in
            if let loss = state.loss { throw loss }
            return state.record
        }
    }

    func save(
        _ record: WatchRecord, results: [ProbeRow], events: [WatchEvent],
        keep: WatchSettings.Retention
    ) async throws {
        try with { state in
            state.saves += 1
            if let from = state.failsFrom, state.saves >= from { throw Full() }
            state.record = record
            state.loss = nil
            state.rows += results
            state.events += events
        }
    }

    func events(limit: Int) async throws -> [WatchEvent] { with { $0.events.reversed() } }

    var occupant: WatchOccupant? { with { $0.occupant } }

    func enter<Result: Sendable>(
        _ body: @Sendable (Ports, AppDeployer) async throws -> Result
    ) async throws -> Result? {
        if with({ $0.isTaken }) { return nil }
        let deployer = AppDeployer(
            host.ports, announcer: Silent(), interruption: Interruption())
        return try await body(host.ports, deployer)
    }

    func announce(_ events: [WatchEvent], _ situation: Situation?) async {
        with { $0.told += events.map(\.kind) }
    }

    var moment: WatchMoment {
        with { state in
            state.uptime += .seconds(15)
            return WatchMoment(
                wall: Sample.moment + .seconds(3600) + state.uptime, uptime: state.uptime, boot: "")
        }
    }

    func reachesItself() async -> Bool { with { $0.reachesItself } }

    private struct Silent: Announcer {
        func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async {}
    }
}

@Suite("Rounds of a watch")
struct AppWatchTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(2))
    private static let web = WatchedReplica(blue, Replica(service: "web", index: 1))

    /// Within the minutes of the rounds, which are an hour ahead.
    private static let later = Sample.moment + .seconds(3610)

    private static let deploy = LockHolder(
        pid: 1, since: Sample.moment, verb: "deploy", release: nil)

    private let host: ScriptedHost
    private let watch: ScriptedWatch
    private let memory = WatchMemory()

    init() {
        host = ScriptedHost { script in
            script.engine.looks = [[Self.container()]]
            script.store.releases = [
                Release(
                    id: Self.blue.release, label: nil, createdAt: Sample.moment,
                    services: [Sample.web])
            ]
            script.store.deployments = [Sample.finished(.promoted)]
        }
        watch = ScriptedWatch(host)
    }

    private static func container(
        _ state: Container.State = .running, startedAt: Timestamp = Sample.moment
    ) -> Container {
        Container(
            id: "web", name: "shop-blue-web-1", replica: web.replica, role: .exposed,
            placement: blue, state: state, startedAt: startedAt, address: "10.213.6.10")
    }

    private func round(
        remembering memory: WatchMemory? = nil, _ scope: AppWatch.Scope = .all
    ) async throws -> AppWatch.Report {
        let means = AppWatch.Means(
            host.ports, store: watch, gate: watch, announcer: watch, host: watch, memory: memory)
        return try await AppWatch(
            means, WatchSettings(fall: 3, rise: 1), reaction: .restart, uses: [:],
            deployment: DeploymentSettings(), gap: .seconds(40)
        ).round(scope)
    }

    private func fail() {
        host.with { $0.probes = [.failed(.status(503))] }
    }

    /// Rounds until the act; the host has enough of all.
    private func failing(_ count: Int = 3) async throws -> AppWatch.Report {
        _ = try await round()
        fail()
        for _ in 1..<count { _ = try await round() }
        return try await round()
    }

    @Test("A replica that fails is restarted with the lock held, and it is kept before and after")
    func restarts() async throws {
        let report = try await failing()
        #expect(report.act == .done(.restart(Self.web, reason: "blue web-1 answered 503")))
        #expect(host.calls.filter { $0.hasPrefix("restart") }.count == 1)
        #expect(watch.with { $0.events.map(\.kind) } == [.unhealthy, .restarted])
        #expect(watch.with { $0.told } == [.unhealthy, .restarted])
        #expect(watch.with { $0.rows.map(\.hasPassed) } == [true, false, false, false])
        #expect(watch.with { $0.record?.act } == nil)
    }

    @Test("A colour that has traffic is never nothing, also where no record tells of its release")
    func lostRecords() async throws {
        host.with { script in
            script.store.releases = []
            script.store.deployments = []
        }
        for containers in [[Self.container()], []] {
            host.with { $0.engine.looks = [containers] }
            let report = try await round()
            #expect(report.unclear?.contains("Traffic is on blue") == true)
            #expect(!report.isHealthy)
        }
    }

    @Test("While nginx may go by something else than the link nothing is healthy, and nothing done")
    func lostFolder() async throws {
        host.with { script in
            script.router.losses = [FolderLoss("nginx's workers may not look into green.")]
        }
        let report = try await round()
        #expect(report.unclear == "nginx's workers may not look into green.")
        #expect(!report.isHealthy)
        #expect(watch.with { $0.record?.act } == nil)
    }

    @Test("A deploy that takes the lock first cancels the act, which costs no budget")
    func yields() async throws {
        watch.with { $0.isTaken = true }
        let report = try await failing()
        guard case .cancelled? = report.act else {
            Issue.record("\(String(describing: report.act))")
            return
        }
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
        #expect(report.restartsLeft(of: Self.web.service) == 3)
    }

    @Test(
        "A run that holds the app, a deployment that waits and maintenance let rounds only record")
    func records() async throws {
        watch.with { $0.occupant = .run(Self.deploy) }
        let held = try await failing(5)
        #expect(held.act == nil)
        #expect(held.decision.hold?.description.contains("`teal deploy`") == true)
        watch.with { $0.occupant = nil }
        host.with { $0.store.deployments.insert(Sample.deployment(previous: Self.blue), at: 0) }
        #expect(try await round().decision.hold == .cutOff(number: 1))
        host.with { _ = $0.store.deployments.removeFirst() }
        #expect(try await round().act != nil)
    }

    @Test("One that a run of Teal restarts is neither stopped by hand nor unhealthy, nor told")
    func restartedByTeal() async throws {
        _ = try await round()
        watch.with { $0.occupant = .run(Self.restart) }
        let ended = Self.container(.exited(code: 143, outOfMemory: false))
        host.with { script in
            script.engine.looks = [[ended]]
            script.engine.endings = [[Self.ending(143, isAskedFor: true)]]
        }
        for scope in [AppWatch.Scope.only([Self.web]), .all, .all] {
            let report = try await round(scope)
            #expect(report.sightings.map(\.finding) == [.waiting])
            #expect(report.isHealthy)
        }
        watch.with { $0.occupant = nil }
        host.with { script in
            script.engine.looks = [[Self.container(startedAt: Self.later + .seconds(60))]]
        }
        #expect(try await round().isHealthy)
        #expect(watch.with { $0.told } == [])
        #expect(watch.with { $0.events } == [])
    }

    @Test("One that dies by itself while a run of Teal holds the app is told at once")
    func diedUnderRun() async throws {
        _ = try await round()
        for holder in [Self.restart, Self.deploy] {
            watch.with { $0.occupant = .run(holder) }
            host.with { script in
                script.engine.looks = [[Self.container(.exited(code: 1, outOfMemory: false))]]
                script.engine.endings = [
                    [Self.ending(143, isAskedFor: true), Self.ending(1, isAskedFor: false)]
                ]
            }
            #expect(try await !round().isHealthy)
        }
        #expect(watch.with { $0.told } == [.unhealthy])
    }

    @Test("A person's command is no run of Teal: what it stops was stopped by hand")
    func stoppedByCompose() async throws {
        _ = try await round()
        watch.with { $0.occupant = .person }
        host.with { script in
            script.engine.looks = [[Self.container(.exited(code: 143, outOfMemory: false))]]
            script.engine.endings = [[Self.ending(143, isAskedFor: true)]]
        }
        #expect(try await !round().isHealthy)
        #expect(watch.with { $0.told } == [.stopped])
    }

    private static let restart = LockHolder(
        pid: 2, since: later, verb: "restart", release: nil)

    private static func ending(_ code: Int, isAskedFor: Bool) -> ContainerEnding {
        ContainerEnding(
            replica: web.replica, placement: blue, exitCode: code, isOutOfMemory: false,
            isAskedFor: isAskedFor, at: later + .seconds(1))
    }

    @Test("A replica that was started between the look and the lock is left alone")
    func changed() async throws {
        _ = try await round()
        fail()
        for _ in 1...2 { _ = try await round() }
        // The look, and the look behind the lock.
        host.with {
            $0.engine.looks = [
                [Self.container()], [Self.container(startedAt: Sample.moment + .seconds(3700))],
            ]
        }
        guard case .cancelled(_, let reason)? = try await round().act else {
            Issue.record("it was not cancelled")
            return
        }
        #expect(reason == "blue web-1 was started meanwhile")
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }

    @Test("Without a record nothing is done, and a process tells its state once")
    func fullDisk() async throws {
        _ = try await round(remembering: memory)
        watch.with { $0.failsFrom = 2 }
        fail()
        for _ in 1...6 {
            let report = try await round(remembering: memory)
            #expect(report.unkept == "The disk is full.")
        }
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
        #expect(watch.with { $0.told } == [.unhealthy])
        // There is room again.
        watch.with { $0.failsFrom = nil }
        #expect(try await round(remembering: memory).act != nil)
    }

    @Test("A watch whose record is lost says so once, begins anew, and restarts what stays ill")
    func lostRecord() async throws {
        _ = try await round()
        fail()
        for _ in 1...2 { _ = try await round() }
        watch.with { $0.loss = LostWatchRecord(description: "it is damaged") }
        let report = try await round()
        #expect(report.loss == "it is damaged")
        #expect(report.act == nil)
        var acts = 0
        for _ in 1...3 {
            let report = try await round()
            #expect(report.loss == nil)
            if report.act != nil { acts += 1 }
        }
        #expect(acts == 1)
    }

    @Test("The budget is kept before the act: where it cannot be, nothing is restarted")
    func unkeptBudget() async throws {
        _ = try await round()
        fail()
        for _ in 1...2 { _ = try await round() }
        // The round is kept, and the beginning of the act is not.
        watch.with { $0.failsFrom = 5 }
        _ = try await round()
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }

    @Test("An engine that does not answer and a prober without its loopback are the ill ones")
    func illness() async throws {
        _ = try await round()
        host.with { $0.engine.error = "no answer" }
        #expect(try await round().record.illness == .engine("no answer"))
        host.with { $0.engine.error = nil }
        fail()
        watch.with { $0.reachesItself = false }
        for _ in 1...5 { #expect(try await round().record.illness == .prober) }
        #expect(watch.with { $0.told } == [.hostIll])
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }

    @Test("A host without memory is ill when all fails at once, and nothing is restarted")
    func starved() async throws {
        _ = try await round()
        host.with { script in
            script.gauge.samples = [
                HostSample(
                    at: Sample.moment, memoryAvailable: .mebibytes(8),
                    memoryTotal: .mebibytes(1024))
            ]
        }
        fail()
        for _ in 1...5 {
            guard case .starved? = try await round().record.illness else {
                Issue.record("it is not ill")
                return
            }
        }
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }

    @Test("A container that a person stopped is left alone, whatever is forgotten of it")
    func stopped() async throws {
        _ = try await round()
        let ended = Self.container(.exited(code: 0, outOfMemory: false))
        host.with { script in
            script.engine.looks = [[ended]]
            script.engine.endings = [
                [
                    ContainerEnding(
                        replica: Self.web.replica, placement: Self.blue, exitCode: 143,
                        isOutOfMemory: false, isAskedFor: true, at: Sample.moment)
                ], [],
            ]
        }
        let only = try await round(.only([Self.web]))
        #expect(only.act == nil)
        for _ in 1...3 { #expect(try await round().act == nil) }
        #expect(watch.with { $0.told } == [.stopped])
    }

    @Test("A container that a person is stopping fails no round, be it by its event or by a probe")
    func beingStopped() async throws {
        _ = try await round()
        host.with { $0.engine.stops = [ContainerStop(id: "web", at: Self.later)] }
        fail()
        let first = try await round()
        #expect(first.sightings.map(\.finding) == [.stopping(since: Self.later)])
        #expect(first.isHealthy)
        // The engine forgets it, and the record does not.
        host.with { $0.engine.stops = [] }
        for _ in 1...5 { #expect(try await round().act == nil) }
        #expect(watch.with { $0.told } == [])
    }

    @Test("A look because of an event finds a wish to end it, and keeps it without a probe")
    func askedToEnd() async throws {
        _ = try await round()
        host.with { $0.engine.stops = [ContainerStop(id: "web", at: Self.later)] }
        let only = try await round(.only([Self.web]))
        #expect(only.sightings.map(\.finding) == [.stopping(since: Self.later)])
        #expect(watch.with { $0.rows.count } == 1)
        host.with { $0.engine.stops = [] }
        fail()
        for _ in 1...5 { #expect(try await round().act == nil) }
        // It ends at last, and nobody remembers why.
        host.with { $0.engine.looks = [[Self.container(.exited(code: 0, outOfMemory: false))]] }
        for _ in 1...5 { #expect(try await round().act == nil) }
        #expect(watch.with { $0.told } == [.stopped])
    }

    @Test("A replica that a person begins to stop between the look and the lock is left alone")
    func stoppedMeanwhile() async throws {
        _ = try await round()
        fail()
        for _ in 1...2 { _ = try await round() }
        host.with { $0.engine.stopsBehindTheLook = [ContainerStop(id: "web", at: Self.later)] }
        guard case .cancelled(_, let reason)? = try await round().act else {
            Issue.record("it was not cancelled")
            return
        }
        #expect(reason == "blue web-1 is being stopped by hand")
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }

    @Test("An engine that is gone for rounds and comes back restarts nothing, and is told twice")
    func engineGone() async throws {
        _ = try await round()
        host.with { $0.engine.error = "no answer" }
        for _ in 1...10 { #expect(try await round().act == nil) }
        // A death that was heard before it was gone is looked at by nobody.
        #expect(try await round(.only([Self.web])).act == nil)
        host.with {
            $0.engine.error = nil
            $0.engine.looks = [[Self.container(startedAt: Sample.moment + .seconds(3800))]]
        }
        for _ in 1...5 { #expect(try await round().act == nil) }
        #expect(watch.with { $0.told } == [.hostIll, .hostWell])
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }

    @Test("A container that ended by itself is started at once, by its event alone")
    func died() async throws {
        _ = try await round()
        host.with { $0.engine.looks = [[Self.container(.exited(code: 1, outOfMemory: false))]] }
        let report = try await round(.only([Self.web]))
        #expect(
            report.act == .done(.restart(Self.web, reason: "blue web-1 ended with exit code 1")))
    }

    @Test("An end is looked for again where the engine's list does not have it yet")
    func lateList() async throws {
        _ = try await round()
        host.with { script in
            // It answers nobody any more, which must hold nothing up.
            script.probes = [.failed(.timedOut(.seconds(2)))]
            script.engine.looks = [
                [Self.container()], [Self.container()],
                [Self.container(.exited(code: 1, outOfMemory: false))],
            ]
        }
        let report = try await round(.only([Self.web]))
        #expect(
            report.act == .done(.restart(Self.web, reason: "blue web-1 ended with exit code 1")))
    }

    @Test("A crash that the engine mends by itself opens no circuit and costs no restart")
    func crash() async throws {
        _ = try await round()
        host.with { $0.engine.looks = [[Self.container(.restarting)], [Self.container()]] }
        let report = try await round(.only([Self.web]))
        #expect(report.act == nil)
        #expect(report.record.openCircuits.isEmpty)
        #expect(try await round().isHealthy)
    }

    @Test("A request that nginx does not bring to a healthy replica is a broken edge")
    func edge() async throws {
        _ = try await round()
        host.with {
            $0.router.edges = [
                .brokenEdge(EdgeFault(.unconnected, "could not connect", remedy: "Look at it."))
            ]
        }
        for _ in 1...3 { _ = try await round() }
        let report = try await round()
        #expect(report.record.brokenEdges == ["web": "nginx could not connect. Look at it."])
        #expect(!report.isHealthy)
        #expect(watch.with { $0.told } == [.edgeBroken])
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }
}
