import BlueGreen
import HostSystem
import Notices
import Orchestration
import Persistence

extension Wiring {
    /// One round's watch, by the files as they are now: an app may come, go and be restored.
    ///
    /// - Parameter gap: the longest usual time between two rounds.
    func watch(
        by verb: String, _ usual: WatchSettings.Reaction, gap: Duration,
        _ interruption: Interruption, memory: WatchMemory?,
        _ note: @escaping @Sendable (String) -> Void
    ) throws -> AppWatch {
        let configuration = app.configuration
        let means = AppWatch.Means(
            try ports(.reading),
            store: try watchStore.open(),
            gate: LockGate(wiring: self, verb: verb, interruption: interruption),
            announcer: WatchNotices(
                app: app, announcer: noticeAnnouncer(interruption), isAwaited: memory == nil,
                note: note),
            host: WatchingHost(), memory: memory)
        return AppWatch(
            means, configuration.watch, reaction: configuration.watch.onFailure ?? usual,
            uses: configuration.services.compactMapValues(\.watch),
            deployment: configuration.deployment, gap: gap)
    }

    /// To be called after a failure, which an opening may find the cause of.
    func forgetStores() {
        watchStore.forget()
        readStore.forget()
    }

    /// Without a change to any file.
    static func watchRecord(_ app: AppContext) throws -> any WatchStore {
        try SQLiteWatchStore.openForReading(app.state.watchStore(of: app.name))
    }
}

extension Wiring {
    /// A person has restarted these replicas, which gives their service a new budget.
    func noteRestart(of service: WatchedService, _ replicas: [WatchedReplica]) async throws {
        let lock = try await WatchLock(of: app, clock: clock).acquireForNote(by: "restart")
        defer { lock.release() }
        let store = try SQLiteWatchStore.open(app.state.watchStore(of: app.name))
        let moment = WatchingHost().moment
        var record = try await store.readableRecord().record ?? WatchRecord(at: moment)
        record.reset(service)
        let events = replicas.map {
            WatchEvent(.restarted, $0.name, at: moment.wall, reason: "a person asked for it")
        }
        try await store.save(
            record, results: [], events: events, keep: app.configuration.watch.keep)
    }

    /// Writes down that visitors get the page of maintenance, or get it no more.
    func note(_ wanted: Orchestration.Maintenance) async throws {
        let store = try SQLiteWatchStore.open(app.state.watchStore(of: app.name))
        let kind: WatchEvent.Kind
        let predicate: String
        switch wanted {
        case .on: (kind, predicate) = (.maintenanceBegan, "get the page of maintenance")
        case .off: (kind, predicate) = (.maintenanceEnded, "get the app again")
        }
        try await store.add(WatchEvent(kind, "visitors", at: clock.now, reason: predicate))
    }

    /// nil where nobody outside is called.
    var timeBetweenBeats: Duration? { app.configuration.heartbeat?.every }

    /// Calls the dead man's switch outside once.
    ///
    /// - Returns: a sentence where that was not reached.
    func beat() async -> String? {
        guard let heartbeat = app.configuration.heartbeat else { return nil }
        return await heartbeat.beat(by: SystemClock()).map(heartbeat.warning)
    }
}

/// The app's lock as the door to acts; nobody waits for it.
private struct LockGate: WatchGate {
    let wiring: Wiring
    let verb: String
    let interruption: Interruption

    private var path: String { wiring.app.state.lock(of: wiring.app.name) }

    var occupant: WatchOccupant? {
        FileLock.holder(of: path).map { .run($0) } ?? (isPersonAtWork ? .person : nil)
    }

    private var isPersonAtWork: Bool {
        Presence.isThere(wiring.app.state.person(of: wiring.app.name))
    }

    func enter<Result: Sendable>(
        _ body: @Sendable (Ports, AppDeployer) async throws -> Result
    ) async throws -> Result? {
        let holder = LockHolder(
            pid: ProcessInformation.pid, since: wiring.clock.now, verb: verb, release: nil)
        let lock: FileLock
        do {
            lock = try FileLock.acquire(path: path, holder: holder)
        } catch HostError.locked {
            return nil
        }
        defer { lock.release() }
        if isPersonAtWork { return nil }
        let ports = try wiring.ports(.writing)
        // The watch tells what it did and why; that a rollback ended well says less.
        return try await body(
            ports, AppDeployer(ports, announcer: SilentAnnouncer(), interruption: interruption))
    }
}

private struct SilentAnnouncer: Announcer {
    func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async {}
}

/// Tells people by the app's notices, and the reader of the log.
private struct WatchNotices: WatchAnnouncer {
    let app: AppContext
    let announcer: NoticeAnnouncer
    /// A service goes on meanwhile: people may be hard to reach.
    let isAwaited: Bool
    let note: @Sendable (String) -> Void

    func announce(_ events: [WatchEvent], _ situation: Situation?) async {
        for event in events { note("\(app.name): \(WatchEventText(event).line)") }
        // A round may be cancelled, for a death or at the end, and a notice must not be.
        let notices = events.compactMap { Notice($0, of: app.name, at: situation) }
        let telling = Task { for notice in notices { await announcer.tell(notice) } }
        if isAwaited { await telling.value }
    }
}

/// The figures of an app beside a round's own.
extension Wiring {
    /// Reads a few rows, however much is kept.
    func totals() async throws -> (watch: WatchTotals, deployments: DeploymentTotals) {
        (try await watchStore.open().totals(), try await readStore.open().totals())
    }

    /// Looks at what costs more than a round may. What cannot be looked at has no figure.
    ///
    /// - Parameter metrics: keeps what several apps share.
    func hostLook(at situation: Situation, _ metrics: HostMetrics) async throws -> HostLook {
        var look = HostLook(reserve: app.configuration.diskReserve)
        let memoryKept = app.configuration.deployment.settle.memoryFree
        look.memory = try await orNothing {
            try await MemoryLook.look(try ports(.reading), at: situation, reserve: memoryKept)
        }
        look.disk = try await orNothing { try await readiness.disk() } ?? nil
        if metrics.isDue("nginx \(app.configuration.nginx)") {
            look.workers = try await orNothing { try await workers(metrics) }
        }
        return look
    }

    /// Of the nginx that apps may share, which is examined once for all of them.
    func workers(_ metrics: HostMetrics) async throws -> RouterWorkers {
        let access = "\(app.configuration.nginx)"
        let found = try await nginx.workers(since: metrics.workers(of: access))
        metrics.take(found, of: access)
        return found
    }

    /// - Throws: nothing but `CancellationError`.
    private func orNothing<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do {
            return try await body()
        } catch let error where !(error is CancellationError) {
            // The rounds tell of an engine, a disk and an nginx that do not answer.
            return nil
        }
    }
}
