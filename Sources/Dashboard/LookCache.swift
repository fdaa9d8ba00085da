import BlueGreen

/// The last look at each app, for all who ask: one look for all of them, and few at the same time, so
/// that the probing has the host.
actor LookCache {
    private struct Entry {
        let look: AppLook
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

    private let source: any DashboardSource
    private var entries: [String: Entry] = [:]
    /// The last look at each app that succeeded.
    private var seen: [String: (look: AppLook, at: Timestamp)] = [:]
    private var underway: [String: Task<AppLook, Never>] = [:]
    private var free = LookCache.mostAtOnce
    private var queue: [CheckedContinuation<Void, Never>] = []

    init(_ source: any DashboardSource) {
        self.source = source
    }

    /// - Parameter app: nil for all apps of the host.
    func looks(at app: String?, _ freshness: Freshness) async -> [AppLook] {
        // A folder that cannot be read has no apps to show.
        let all = (try? source.apps()) ?? []
        entries = entries.filter { all.contains($0.key) }
        seen = seen.filter { all.contains($0.key) }
        if let app {
            return all.contains(app) ? [await look(at: app, freshness)] : []
        }
        return await withTaskGroup(of: AppLook.self) { group in
            for name in all {
                group.addTask { await self.look(at: name, freshness) }
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

    private func look(at app: String, _ freshness: Freshness) async -> AppLook {
        let stamp = source.stamp(of: app)
        guard let entry = entries[app], entry.stamp == stamp else {
            return await begin(app, stamp).value
        }
        let good = entry.hasFailed ? Freshness.app.good : freshness.good
        let limit = entry.look.running == nil ? good : min(good, Self.paceWhileRunning)
        let old = source.now - entry.at
        if old < limit { return entry.look }
        let next = begin(app, stamp)
        return old < freshness.shown ? entry.look : await next.value
    }

    /// The look that is under way, or a new one.
    private func begin(_ app: String, _ stamp: Int) -> Task<AppLook, Never> {
        if let task = underway[app] { return task }
        let task = Task { () -> AppLook in
            await enter()
            let (look, hasFailed) = await freshLook(at: app)
            leave()
            underway[app] = nil
            entries[app] = Entry(look: look, stamp: stamp, at: source.now, hasFailed: hasFailed)
            return look
        }
        underway[app] = task
        return task
    }

    private func freshLook(at app: String) async -> (AppLook, hasFailed: Bool) {
        do {
            let look = try await source.look(at: app)
            seen[app] = (look, source.now)
            return (look, false)
        } catch {
            let last = seen[app]
            var look = last?.look ?? AppLook(app: app)
            look.becomeOld(lastSeen: last?.at)
            look.sentence = "Act now: \(app) could not be looked at: \(error)"
            look.next = "Next: `teal status --app \(app)` may tell more."
            return (look, true)
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

extension AppLook {
    /// Nobody acts on what was.
    fileprivate mutating func becomeOld(lastSeen: Timestamp?) {
        condition = .alarm
        problems = lastSeen.map { ["The rest of this page was seen at \($0.timeOfDay) UTC."] } ?? []
        running = nil
        offers = []
        status = ""
        replicas = replicas.map {
            Replica(
                name: $0.name, service: $0.service, index: $0.index, state: $0.state,
                isBad: $0.isBad, spans: $0.spans, canRestart: false)
        }
    }
}
