import BlueGreen
import HostSystem
import Orchestration
import Synchronization

/// The rounds of one app, one after the other, for as long as its task lives.
struct WatchLoop: Sendable {
    /// Why the next round comes.
    private enum Cause: Sendable {
        case time
        case event(WatchedReplica)
    }

    private static let longestRetry = Duration.seconds(30)

    let app: AppContext
    let wiring: Wiring
    let interruption: Interruption
    let pulse: WatchPulse
    let note: @Sendable (String) -> Void
    let memory = WatchMemory()

    private var every: Duration { app.configuration.watch.every }

    /// - Throws: `CancellationError`.
    func run() async throws {
        pulse.start(app.name, every: every)
        // Events that come while a round lasts are bounded: a later round sees the same.
        let (causes, next) = AsyncStream.makeStream(
            of: Cause.self, bufferingPolicy: .bufferingNewest(32))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await time(next) }
            group.addTask { try await listen(next) }
            group.addTask { await beat() }
            group.addTask { try await rounds(causes, next) }
            defer { group.cancelAll() }
            try await group.waitForAll()
        }
    }

    /// Apps that were started together do not probe together.
    private func time(_ next: AsyncStream<Cause>.Continuation) async throws {
        try await sleep(every * Double.random(in: 0..<1))
        while true {
            next.yield(.time)
            try await sleep(every * Double.random(in: 0.9..<1.1))
        }
    }

    /// By the monotonic clock, which does not hurry after a suspend.
    private func sleep(_ duration: Duration) async throws {
        try await Task.sleep(for: duration, clock: .suspending)
    }

    /// A death does not wait for a round, which may hang in a probe: the round begins anew after it.
    private func rounds(
        _ causes: AsyncStream<Cause>, _ next: AsyncStream<Cause>.Continuation
    ) async throws {
        let whole = WholeRound()
        defer { whole.cancel() }
        for await cause in causes {
            switch cause {
            case .time: whole.begin { try await round(.time) }
            case .event:
                let wasUnderWay = await whole.end()
                try await round(cause)
                if wasUnderWay { next.yield(.time) }
            }
        }
    }

    private func round(_ cause: Cause) async throws {
        pulse.begin(app.name)
        defer { pulse.end(app.name) }
        let scope: AppWatch.Scope =
            switch cause {
            case .time: .all
            case .event(let watched): .only([watched])
            }
        let report = try await ProbedApp(app: app).round(
            wiring, by: "watch", .restart, gap: every * 2 + .seconds(10), interruption, scope,
            memory: memory, note)
        switch report {
        case .busy: break
        case .failed(_, let reason):
            pulse.note(app.name, isHealthy: false)
            if pulse.isNews(app.name, reason) { note("\(app.name): not probed: \(reason)") }
        case .round(_, let round, _):
            if let act = round.act { note("\(app.name): \(act.text)") }
            let unkept = round.unkept ?? ""
            if pulse.isNews(app.name, unkept), !unkept.isEmpty {
                note("\(app.name): the round was not kept, so that nothing is done: \(unkept)")
            }
            // An event is about one container.
            if scope == .all { pulse.note(app.name, isHealthy: round.isHealthy) }
        }
    }

    /// A death is known within milliseconds. An engine that ends is asked again, and rounds come
    /// all the same.
    private func listen(_ next: AsyncStream<Cause>.Continuation) async throws {
        var retry = Duration.seconds(1)
        while true {
            do {
                for try await event in wiring.events() {
                    retry = .seconds(1)
                    if let watched = event.death { next.yield(.event(watched)) }
                }
            } catch let error where !(error is CancellationError) {
                // The rounds tell it.
            }
            try Task.checkCancellation()
            try await sleep(retry)
            // Nobody heard what happened meanwhile.
            next.yield(.time)
            retry = min(retry * 2, Self.longestRetry)
        }
    }

    /// Calls the dead man's switch outside while all is well.
    private func beat() async {
        guard let every = wiring.timeBetweenBeats else { return }
        while !Task.isCancelled {
            if pulse.isHealthy(app.name), let warning = await wiring.beat(), !Task.isCancelled {
                note("\(app.name): \(warning)")
            }
            // A cancelled sleep ends the loop at its head.
            try? await sleep(every)
        }
    }
}

/// The round of all containers that is under way, if there is one.
private final class WholeRound: Sendable {
    private struct State {
        var task: Task<Void, any Error>?
        var isUnderWay = false
    }

    private let state = Mutex(State())

    /// Rounds that fall due while one lasts are none.
    func begin(_ round: @escaping @Sendable () async throws -> Void) {
        state.withLock { state in
            guard !state.isUnderWay else { return }
            state.isUnderWay = true
            state.task = Task {
                defer { self.state.withLock { $0.isUnderWay = false } }
                try await round()
            }
        }
    }

    func cancel() {
        state.withLock { $0.task }?.cancel()
    }

    /// Cancels it and waits for its end. An act that it has begun comes to its end first.
    ///
    /// - Returns: whether there was one.
    func end() async -> Bool {
        let (task, wasUnderWay) = state.withLock { ($0.task, $0.isUnderWay) }
        task?.cancel()
        // Its end matters, and not how it ended.
        _ = await task?.result
        return wasUnderWay
    }
}

extension ContainerEvent {
    /// The container whose end, or whose lack of memory, it tells; nil for all else.
    fileprivate var death: WatchedReplica? {
        switch change {
        case .ended, .ranOutOfMemory: WatchedReplica(placement, replica)
        case .started, .signalled, .checked: nil
        }
    }
}

/// The state of the loops of a watch: the watchdog is fed by it.
final class WatchPulse: Sendable {
    private struct Loop {
        /// When its last round began or ended.
        var turned: ContinuousClock.Instant
        var every: Duration
        var isBusy = false
        /// When a whole round last found all well, and was kept.
        var well: ContinuousClock.Instant?
        var isHealthy: Bool?
    }

    private struct State {
        var loops: [String: Loop] = [:]
        var told: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// A round with an act in it may last so long.
    private static let longestRound = Duration.seconds(600)

    func start(_ app: String, every: Duration) {
        state.withLock { $0.loops[app] = Loop(turned: .now, every: every) }
    }

    func begin(_ app: String) {
        state.withLock { state in
            state.loops[app]?.turned = .now
            state.loops[app]?.isBusy = true
        }
    }

    func end(_ app: String) {
        state.withLock { state in
            state.loops[app]?.turned = .now
            state.loops[app]?.isBusy = false
        }
    }

    func note(_ app: String, isHealthy: Bool) {
        state.withLock { state in
            state.loops[app]?.isHealthy = isHealthy
            state.loops[app]?.well = isHealthy ? .now : nil
        }
    }

    /// Whether that was so a moment ago: a look that is long past says nothing of now.
    func isHealthy(_ app: String) -> Bool {
        state.withLock { state in
            guard let loop = state.loops[app], let well = loop.well else { return false }
            return ContinuousClock.now - well < loop.every * 3
        }
    }

    /// Whether it is another text than the last time.
    func isNews(_ app: String, _ text: String) -> Bool {
        state.withLock { $0.told.updateValue(text, forKey: app) != text }
    }

    func forget(_ app: String) {
        state.withLock { state in
            state.loops[app] = nil
            state.told[app] = nil
        }
    }

    /// Whether every loop goes on.
    var isAlive: Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.loops.values.allSatisfy { loop in
                now - loop.turned < loop.every * 3 + Self.longestRound
            }
        }
    }

    var isBusy: Bool { state.withLock { $0.loops.values.contains(where: \.isBusy) } }

    var summary: String {
        state.withLock { state in
            let ill = state.loops.filter { $0.value.isHealthy == false }.keys.sorted()
            let count = state.loops.count
            let apps = count == 1 ? "1 app" : "\(count) apps"
            return ill.isEmpty
                ? "watching \(apps)" : "watching \(apps), unhealthy: \(ill.joined(separator: ", "))"
        }
    }
}
