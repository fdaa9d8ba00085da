import BlueGreen
import HostSystem
import Orchestration

/// Makes single rounds of one app, as `teal probe` and `teal watch` do.
struct ProbedApp: Sendable {
    let app: AppContext
    let clock = SystemClock()

    /// A round under its lock.
    ///
    /// - Throws: nothing but `CancellationError`.
    func round(
        _ wiring: Wiring, by verb: String, _ usual: WatchSettings.Reaction, gap: Duration,
        _ interruption: Interruption, _ scope: AppWatch.Scope = .all, memory: WatchMemory? = nil,
        _ note: @escaping @Sendable (String) -> Void
    ) async throws -> ProbeReport {
        let began = ContinuousClock.now
        do {
            try app.state.prepare(for: app.name, toBegin: true)
            let lock = try await WatchLock(of: app, clock: clock).acquireForRound(by: verb)
            defer { lock.release() }
            let watch = try wiring.watch(
                by: verb, usual, gap: gap, interruption, memory: memory, note)
            let report = try await watch.round(scope)
            if report.unkept != nil { wiring.forgetStores() }
            return .round(app: app.name, report, took: ContinuousClock.now - began)
        } catch HostError.locked {
            return .busy(app: app.name)
        } catch let error where !(error is CancellationError) {
            wiring.forgetStores()
            return .failed(app: app.name, reason: "\(error)")
        }
    }

    /// All apps that were ever deployed on this host, each with today's settings or, where those
    /// cannot be read, with those of its last deploy.
    ///
    /// - Returns: by name; a reason for one that cannot be read at all.
    static func all(
        _ invocation: Invocation
    ) throws -> [(name: String, app: Result<AppContext, CommandsError>)] {
        try invocation.state.apps().sorted().map { name in
            (
                name,
                Result { () throws(CommandsError) in
                    try CommonOptions.locate(app: name, invocation)
                }
            )
        }
    }
}
