import BlueGreen
import Dashboard
import HostSystem
import Orchestration
import Persistence

/// Shows the apps of this host to the page, by the same looks as `status` and `history`.
struct PageSource: DashboardSource {
    private let invocation: Invocation
    private let figures: HostMetrics
    private let acts: PageActs
    private let note: @Sendable (String) -> Void
    private let clock = SystemClock()

    private static let shownDeployments = 20
    private static let shownEvents = 60

    init(
        _ invocation: Invocation, metrics: HostMetrics,
        note: @escaping @Sendable (String) -> Void
    ) {
        self.invocation = invocation
        figures = metrics
        acts = PageActs(runner: SubprocessCommandRunner(), clock: clock, note: note)
        self.note = note
    }

    var now: Timestamp { clock.now }

    func apps() throws -> [String] {
        try invocation.state.apps().sorted()
    }

    func stamp(of app: String) -> Int {
        let state = invocation.state
        let store = state.store(of: app)
        let files = [store, store + "-wal", state.lock(of: app), state.origin(of: app)]
        var hasher = Hasher()
        // Each round writes to the watch's store, and few of them have news.
        hasher.combine(figures.news(of: app))
        for file in files { hasher.combine(FileStamp(of: file)) }
        return hasher.finalize()
    }

    func look(at name: String) async throws -> AppLook {
        let app = try CommonOptions.locate(app: name, invocation)
        let acts = await acts.lines(of: name)
        return try await Wiring.looking(at: app) { wiring in
            try await AppLook(findings(app, wiring, acts))
        }
    }

    private func findings(
        _ app: AppContext, _ wiring: Wiring, _ acts: [String]
    ) async throws -> PageFindings {
        let history = ReadableHistory { try Wiring.storeForReading(app) }
        let condition = try await Condition.observe(
            wiring.ports(history), reserve: app.configuration.deployment.settle.memoryFree,
            history: history
        ) { FileLock.holder(of: app.state.lock(of: app.name)) }
        var found = PageFindings(app: app, condition: condition, now: clock.now)
        found.acts = acts
        let store = try SQLiteWatchStore.openForReading(app.state.watchStore(of: app.name))
        do {
            found.watch = try await store.record().map { WatchStatus($0, app, at: found.now) }
            found.events = try await store.events(limit: Self.shownEvents)
            let day = ProbeQuarter.number(of: found.now) - Int64(AppLook.quarters) + 1
            found.quarters = try await store.quarters(since: day)
        } catch let error where !(error is CancellationError) {
            found.unread.append("What the watch knows could not be read: \(error)")
        }
        // The condition tells of a history that cannot be read.
        found.deployments =
            (try? await wiring.ports(history).store.deployments(limit: Self.shownDeployments))
            ?? condition.situation.deployments
        // What cannot be looked at is not shown; the rounds of the watch tell of it.
        found.disk = try? await wiring.readiness.disk()
        found.workers = try? await wiring.workers(figures)
        try Task.checkCancellation()
        return found
    }

    func document(_ kind: DashboardDocument, of name: String) async throws -> String {
        let app = try CommonOptions.locate(app: name, invocation)
        switch kind {
        case .status: return try await look(at: name).status
        case .history:
            let deployments = try await Wiring.storeForReading(app)
                .deployments(limit: Self.shownDeployments)
            let events = try await Wiring.watchRecord(app).events(limit: Self.shownDeployments)
            return try JSONText.of(HistoryDocument(app: name, deployments, events))
        case .plan: return try await acts.plan(of: name)
        }
    }

    func metrics() async -> String {
        // A kernel that does not tell leaves the figures of the process out.
        figures.text(of: (try? ProcessFigures.now()) ?? nil)
    }

    func begin(_ act: DashboardAct, of app: String, asker: String) async throws {
        try await acts.begin(
            PageActs.Wish(app: app, asker: asker, words: act.words, arguments: act.arguments)
        ) {
            do {
                try await SQLiteWatchStore.open(invocation.state.watchStore(of: app)).add(
                    WatchEvent(
                        .asked, asker, at: clock.now,
                        reason: "asked for \(act.words) on the page"))
            } catch {
                // A full disk must not keep anybody from going back.
                note("\(app): the history does not know that \(asker) asked: \(error)")
            }
        }
    }
}

extension DashboardAct {
    /// As the object of a sentence.
    fileprivate var words: String {
        switch kind {
        case .promote: "a promotion"
        case .abort: "an abort"
        case .rollback: "a rollback"
        case .restart:
            "a restart of \(service ?? "")" + (replica.map { "-\($0)" } ?? "")
        case .maintenanceOn: "maintenance"
        case .maintenanceOff: "the end of maintenance"
        }
    }

    /// Of the verb that does the same.
    fileprivate var arguments: [String] {
        switch kind {
        case .promote: ["promote"]
        case .abort: ["abort"]
        case .rollback: ["rollback"]
        case .restart:
            ["restart"] + (replica.map { ["--replica", "\($0)"] } ?? []) + ["--", service ?? ""]
        case .maintenanceOn: ["maintenance", "on"]
        case .maintenanceOff: ["maintenance", "off"]
        }
    }
}
