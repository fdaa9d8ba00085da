import BlueGreen
import HostSystem
import Orchestration

/// The rounds of one app, one after the other, for as long as its task lives.
struct WatchLoop: Sendable {
    let app: AppContext
    let wiring: Wiring
    let interruption: Interruption
    let pulse: WatchPulse
    let metrics: HostMetrics?
    let note: @Sendable (String) -> Void
    let memory = WatchMemory()

    private var every: Duration { app.configuration.watch.every }

    /// - Throws: `CancellationError`.
    func run() async throws {
        pulse.start(app.name, every: every)
        let turns = WatchTurns(pause: sleep, look: round)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await time(turns) }
            group.addTask { try await turns.listen { wiring.events() } }
            group.addTask { await beat() }
            group.addTask { try await turns.run() }
            defer { group.cancelAll() }
            try await group.waitForAll()
        }
    }

    /// Apps that were started together do not probe together.
    private func time(_ turns: WatchTurns) async throws {
        try await sleep(every * Double.random(in: 0..<1))
        while true {
            turns.next(.time)
            try await sleep(every * Double.random(in: 0.9..<1.1))
        }
    }

    /// By the monotonic clock, which does not hurry after a suspend.
    private func sleep(_ duration: Duration) async throws {
        try await Task.sleep(for: duration, clock: .suspending)
    }

    private func round(_ scope: AppWatch.Scope) async throws {
        pulse.begin(app.name)
        defer { pulse.end(app.name) }
        let report = try await ProbedApp(app: app).round(
            wiring, by: "watch", .restart, gap: every * 2 + .seconds(10), interruption, scope,
            memory: memory, note)
        if let metrics {
            try await MetricsFeed(app: app, wiring: wiring, metrics: metrics).take(report)
        }
        switch report {
        case .busy: break
        case .failed(_, let reason):
            pulse.note(app.name, isHealthy: false)
            if pulse.isNews(app.name, reason) { note("\(app.name): not probed: \(reason)") }
        case .round(_, let round, _):
            if let loss = round.loss {
                note("\(app.name): the watch begins anew, with new budgets: \(loss)")
            }
            if let act = round.act { note("\(app.name): \(act.text)") }
            let unkept = round.unkept ?? ""
            if pulse.isNews(app.name, unkept), !unkept.isEmpty {
                note("\(app.name): the round was not kept, so that nothing is done: \(unkept)")
            }
            // An event is about one container.
            if scope == .all { pulse.note(app.name, isHealthy: round.isHealthy) }
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
