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
        // Events that come while a round lasts are bounded: a later round sees the same.
        let (causes, next) = AsyncStream.makeStream(
            of: Cause.self, bufferingPolicy: .bufferingNewest(32))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await time(next) }
            group.addTask { try await listen(next) }
            group.addTask { await beat() }
            group.addTask {
                for await cause in causes { try await round(cause) }
            }
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

    private func round(_ cause: Cause) async throws {
        let began = pulse.begin(app.name)
        defer { pulse.end(app.name, began) }
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
            pulse.note(app.name, isHealthy: round.isHealthy)
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

extension ContainerEvent {
    /// The container whose end, or whose lack of memory, it tells; nil for all else.
    fileprivate var death: WatchedReplica? {
        switch change {
        case .ended, .ranOutOfMemory: WatchedReplica(placement, replica)
        case .started, .signalled, .checked: nil
        }
    }
}

/// What the loops of a watch do now: the watchdog is fed by it.
final class WatchPulse: Sendable {
    private struct State {
        var began: [String: ContinuousClock.Instant] = [:]
        var healthy: [String: Bool] = [:]
        var told: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// A round with a rollback lasts minutes, and none lasts longer.
    private static let longestRound = Duration.seconds(1800)

    func begin(_ app: String) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        state.withLock { $0.began[app] = now }
        return now
    }

    func end(_ app: String, _ began: ContinuousClock.Instant) {
        state.withLock { state in
            if state.began[app] == began { state.began[app] = nil }
        }
    }

    func note(_ app: String, isHealthy: Bool) {
        state.withLock { $0.healthy[app] = isHealthy }
    }

    func isHealthy(_ app: String) -> Bool { state.withLock { $0.healthy[app] ?? false } }

    /// Whether it is another text than the last time.
    func isNews(_ app: String, _ text: String) -> Bool {
        state.withLock { $0.told.updateValue(text, forKey: app) != text }
    }

    func forget(_ app: String) {
        state.withLock { state in
            state.began[app] = nil
            state.healthy[app] = nil
            state.told[app] = nil
        }
    }

    /// Whether every loop goes on.
    var isAlive: Bool {
        let now = ContinuousClock.now
        return state.withLock { $0.began.values.allSatisfy { now - $0 < Self.longestRound } }
    }

    var isBusy: Bool { state.withLock { !$0.began.isEmpty } }

    var summary: String {
        state.withLock { state in
            let ill = state.healthy.filter { !$0.value }.keys.sorted()
            let count = state.healthy.count
            return ill.isEmpty
                ? "watching \(count) apps, all healthy"
                : "watching \(count) apps, unhealthy: \(ill.joined(separator: ", "))"
        }
    }
}
