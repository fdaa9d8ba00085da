import BlueGreen

/// The last look at each app, for all who ask: one look for all of them, and few at the same time, so
/// that the probing has the host. A look is kept whole only for an app whose page was asked for of
/// late: a host of many apps has few such.
actor LookCache {
    /// The parts of a look that are asked for.
    enum Extent: Sendable {
        /// As `AppLook.brief`.
        case brief
        case whole
    }

    fileprivate struct Entry {
        /// Brief unless it is whole.
        var look: AppLook
        var isWhole: Bool
        let stamp: Int
        let at: Timestamp
        let hasFailed: Bool
    }

    /// The ages of a look. One whose app has changed its stamp is of no age.
    struct Freshness: Sendable {
        /// From then on it is made anew.
        let good: Duration
        /// Until then it is shown while the next one is made.
        let shown: Duration

        static let app = Freshness(good: .seconds(2), shown: .seconds(15))
        /// Of all apps together, which are many looks.
        static let host = Freshness(good: .seconds(10), shown: .seconds(75))
        static let live = Freshness(good: .seconds(4), shown: .seconds(15))
        static let badge = Freshness(good: .seconds(30), shown: .seconds(60))
        /// Before an act.
        static let act = Freshness(good: .seconds(2), shown: .zero)
    }

    static let mostAtOnce = 4
    /// The times of a deployment under way grow.
    private static let paceWhileRunning = Duration.seconds(1)
    /// Where nobody asks: the next visitor does not wait for a look at each app.
    private static let longestKept = Duration.seconds(60)
    private static let keepingPace = Duration.seconds(5)
    /// A whole look after it was asked for.
    private static let wholeFor = Duration.seconds(60)

    private let source: any DashboardSource
    private var entries: [String: Entry] = [:]
    /// The last look at each app that succeeded.
    private var seen: [String: Entry] = [:]
    /// When a whole look was last asked for.
    private var wanted: [String: Timestamp] = [:]
    private var underway: [String: Task<AppLook, Never>] = [:]
    private var free = LookCache.mostAtOnce
    private var queue: [CheckedContinuation<Void, Never>] = []

    init(_ source: any DashboardSource) {
        self.source = source
    }

    /// - Parameters:
    ///   - app: nil for all apps of the host.
    ///   - extent: a look may hold more than was asked for.
    func looks(at app: String?, _ freshness: Freshness, _ extent: Extent) async -> [AppLook] {
        // A folder that cannot be read has no apps to show.
        let all = (try? source.apps()) ?? []
        entries = entries.filter { all.contains($0.key) }
        seen = seen.filter { all.contains($0.key) }
        wanted = wanted.filter { all.contains($0.key) }
        if let app {
            return all.contains(app) ? [await look(at: app, freshness, extent)] : []
        }
        return await withTaskGroup(of: AppLook.self) { group in
            for name in all {
                group.addTask { await self.look(at: name, freshness, extent) }
            }
            var looks: [AppLook] = []
            for await look in group { looks.append(look) }
            return looks.sorted { $0.app < $1.app }
        }
    }

    /// Keeps a look at each app young enough for a page of all of them, one after the other. Until
    /// it is cancelled.
    func keep() async {
        while !Task.isCancelled {
            shorten()
            for app in (try? source.apps()) ?? [] where !Task.isCancelled {
                let stamp = source.stamp(of: app)
                if let entry = entries[app], entry.stamp == stamp, !entry.hasFailed,
                    source.now - entry.at < Self.longestKept
                {
                    continue
                }
                _ = await begin(app, stamp).value
            }
            // A cancelled sleep ends the loop at its head.
            try? await Task.sleep(for: Self.keepingPace)
        }
    }

    private func shorten() {
        for app in wanted.keys where !isWholeKept(app) {
            wanted[app] = nil
            entries[app]?.shorten()
            seen[app]?.shorten()
        }
    }

    private func isWholeKept(_ app: String) -> Bool {
        wanted[app].map { source.now - $0 < Self.wholeFor } ?? false
    }

    private func look(
        at app: String, _ freshness: Freshness, _ extent: Extent
    ) async -> AppLook {
        if extent == .whole { wanted[app] = source.now }
        let stamp = source.stamp(of: app)
        guard let entry = entries[app], entry.stamp == stamp, entry.isWhole || extent == .brief
        else { return await begin(app, stamp).value }
        let good = entry.hasFailed ? Freshness.app.good : freshness.good
        let limit = entry.look.running == nil ? good : min(good, Self.paceWhileRunning)
        let old = source.now - entry.at
        if old < limit { return entry.look }
        let next = begin(app, stamp)
        return old < freshness.shown ? entry.look : await next.value
    }

    /// The look that is under way, or a new one. It is whole.
    private func begin(_ app: String, _ stamp: Int) -> Task<AppLook, Never> {
        if let task = underway[app] { return task }
        let task = Task { () -> AppLook in
            await enter()
            let entry = await freshEntry(of: app, stamp)
            leave()
            underway[app] = nil
            entries[app] = isWholeKept(app) ? entry : entry.shortened
            return entry.look
        }
        underway[app] = task
        return task
    }

    private func freshEntry(of app: String, _ stamp: Int) async -> Entry {
        do {
            let look = try await source.look(at: app)
            let entry = Entry(
                look: look, isWhole: true, stamp: stamp, at: source.now, hasFailed: false)
            seen[app] = isWholeKept(app) ? entry : entry.shortened
            return entry
        } catch {
            let last = seen[app]
            var look = last?.look ?? AppLook(app: app)
            look.becomeOld(lastSeen: last?.at, isWhole: last?.isWhole ?? true)
            look.sentence = "Act now: \(app) could not be looked at: \(error)"
            look.next = "Next: `teal status --app \(app)` may tell more."
            return Entry(look: look, isWhole: true, stamp: stamp, at: source.now, hasFailed: true)
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { queue.append($0) }
        }
    }

    /// The first in the queue takes the place over.
    private func leave() {
        if queue.isEmpty { free += 1 } else { queue.removeFirst().resume() }
    }
}

extension LookCache.Entry {
    fileprivate mutating func shorten() {
        if isWhole { (look, isWhole) = (look.brief, hasFailed) }
    }

    fileprivate var shortened: Self {
        var entry = self
        entry.shorten()
        return entry
    }
}

extension AppLook {
    /// Without the past.
    fileprivate var brief: AppLook {
        var look = self
        look.history = []
        look.events = []
        look.marks = []
        look.status = ""
        look.replicas = replicas.map { $0.with(spans: [], canRestart: $0.canRestart) }
        return look
    }

    /// Nobody acts on what was.
    fileprivate mutating func becomeOld(lastSeen: Timestamp?, isWhole: Bool) {
        condition = .alarm
        problems = lastSeen.map { ["The rest of this page was seen at \($0.timeOfDay) UTC."] } ?? []
        if !isWhole {
            problems.append("The past is not on it: `teal history --app \(app)` tells it.")
        }
        running = nil
        offers = []
        status = ""
        replicas = replicas.map { $0.with(spans: $0.spans, canRestart: false) }
    }
}

extension AppLook.Replica {
    fileprivate func with(spans: [AppLook.Span], canRestart: Bool) -> Self {
        Self(
            name: name, service: service, index: index, state: state, isBad: isBad, spans: spans,
            canRestart: canRestart)
    }
}
