import BlueGreen
import HostSystem
import Orchestration
import Synchronization

/// The figures of all apps of this host, as their last rounds left them. Nothing is read when they
/// are asked for, so that the answer costs the same however much is kept.
final class HostMetrics: Sendable {
    private struct State {
        var rounds: [String: MetricLines] = [:]
        var looks: [String: HostLook] = [:]
        /// When something was last looked at, by its name.
        var looked: [String: ContinuousClock.Instant] = [:]
        /// Apps that are not watched any more.
        var forgotten: Set<String> = []
        var news: [String: RoundNews] = [:]
        /// By the access to their nginx.
        var workers: [String: RouterWorkers] = [:]
    }

    /// What costs more than a round may is looked at so seldom.
    static let lookInterval = Duration.seconds(60)

    private let state = Mutex(State())

    /// - Parameter totals: nil where they could not be read.
    func take(
        _ report: ProbeReport, _ totals: (watch: WatchTotals, deployments: DeploymentTotals)?
    ) {
        if case .busy = report { return }
        let lines = AppFigures(report, totals).lines
        change(report.app) {
            $0.rounds[report.app] = lines
            $0.news[report.app, default: RoundNews()].take(report)
        }
    }

    /// Another number where the last round of an app found something that the one before did not.
    func news(of app: String) -> Int {
        state.withLock { $0.news[app]?.number ?? 0 }
    }

    func take(_ look: HostLook, of app: String) {
        change(app) { $0.looks[app] = look }
    }

    /// The last look at the workers of an nginx; nil before the first.
    func workers(of access: String) -> RouterWorkers? {
        state.withLock { $0.workers[access] }
    }

    func take(_ workers: RouterWorkers, of access: String) {
        state.withLock { $0.workers[access] = workers }
    }

    /// A round that was under way when its app was forgotten does not bring it back.
    private func change(_ app: String, _ body: (inout State) -> Void) {
        state.withLock { state in
            if !state.forgotten.contains(app) { body(&state) }
        }
    }

    /// To be called when an app is watched, for the first time or again.
    func welcome(_ app: String) {
        state.withLock { state in _ = state.forgotten.remove(app) }
    }

    func forget(_ app: String) {
        state.withLock { state in
            state.forgotten.insert(app)
            state.rounds[app] = nil
            state.looks[app] = nil
            state.news[app] = nil
            // Its looks at a shared nginx went with it.
            state.looked = state.looked.filter { $0.key != app && !$0.key.hasPrefix("nginx ") }
        }
    }

    /// Whether something is to be looked at again; it counts as looked at from then on.
    ///
    /// - Parameter name: of an app, or of what several apps share.
    func isDue(_ name: String) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            if let last = state.looked[name], now - last < Self.lookInterval { return false }
            state.looked[name] = now
            return true
        }
    }

    /// - Parameter process: the one that serves this text; nil for a file, in whose reader other
    ///   figures have these names.
    func text(of process: ProcessFigures?) -> String {
        let (rounds, looks) = state.withLock { ($0.rounds, $0.looks) }
        let apps = rounds.sorted { $0.key < $1.key }.map(\.value)
        return MetricLines.text(of: apps + [HostFigures(looks, process).lines])
    }
}

/// The memory, the disk and the nginx of a host, as one app's round saw them.
struct HostLook: Sendable {
    let at: ContinuousClock.Instant
    /// Of the disk.
    let reserve: ByteCount
    /// nil where it could not be looked at, as all else.
    var memory: MemoryLook?
    var disk: EngineDisk?
    var workers: RouterWorkers?
    /// The name, colour and replica of each container by its id.
    var replicas: [String: MetricLines.Labels] = [:]

    init(reserve: ByteCount, at moment: ContinuousClock.Instant = .now) {
        self.reserve = reserve
        at = moment
    }
}

/// The lines that belong to no app's round.
private struct HostFigures {
    private(set) var lines = MetricLines()

    init(_ looks: [String: HostLook], _ process: ProcessFigures?) {
        lines.add(.buildInfo, [("version", Version.number)], 1)
        let newest = looks.values.filter { $0.memory != nil }.max { $0.at < $1.at }
        if let sample = newest?.memory?.sample {
            lines.add(.hostMemory, [], Double(sample.memoryAvailable.bytes))
            lines.add(.hostSwap, [], Double(sample.swapFree.bytes))
        }
        for (app, look) in looks.sorted(by: { $0.key < $1.key }) { addMemory(of: app, look) }
        addDisks(Array(looks.values))
        addWorkers(Array(looks.values))
        if let process { add(process) }
    }

    private mutating func addMemory(of app: String, _ look: HostLook) {
        guard let memory = look.memory else { return }
        for (id, labels) in look.replicas.sorted(by: { $0.key < $1.key }) {
            guard let held = memory.use[id] else { continue }
            lines.add(.replicaMemory, labels, Double(held.bytes))
        }
        guard let room = memory.room else { return }
        lines.add(.roomNeeded, [("app", app)], Double(room.needed.bytes))
        lines.add(.roomFits, [("app", app)], room.fits)
    }

    /// Apps share a disk; the greatest of their reserves is the one that counts.
    private mutating func addDisks(_ looks: [HostLook]) {
        let found = looks.compactMap { look in look.disk.map { ($0, look) } }
        let folders = Dictionary(grouping: found) { $0.0.folder }
        for (folder, looks) in folders.sorted(by: { $0.key < $1.key }) {
            guard let newest = looks.max(by: { $0.1.at < $1.1.at }) else { continue }
            let reserve = looks.map(\.1.reserve).max() ?? .zero
            lines.add(.diskFree, [("folder", folder)], Double(newest.0.free.bytes))
            lines.add(.diskReserve, [("folder", folder)], Double(reserve.bytes))
        }
    }

    /// Apps share an nginx, and a host may have more than one.
    private mutating func addWorkers(_ looks: [HostLook]) {
        let newest = Dictionary(
            looks.sorted { $0.at < $1.at }.compactMap(\.workers).map { ($0.master, $0) }
        ) { $1 }
        guard !newest.isEmpty else { return }
        lines.add(
            .nginxWorkers, [("generation", "current")],
            newest.values.map(\.accepting).reduce(0, +))
        lines.add(
            .nginxWorkers, [("generation", "old")], newest.values.map(\.old).reduce(0, +))
    }

    private mutating func add(_ process: ProcessFigures) {
        lines.add(.processorTime, [], process.processorTime / .seconds(1))
        lines.add(.residentMemory, [], Double(process.residentMemory.bytes))
        lines.add(.virtualMemory, [], Double(process.virtualMemory.bytes))
        lines.add(.openFiles, [], process.openFiles)
        lines.add(.mostFiles, [], process.mostFiles)
        lines.add(.startTime, [], Double(process.startedAt.milliseconds) / 1000)
    }
}
