import BlueGreen
import HostSystem
import Orchestration

extension WritingRun.Stage {
    /// Runs the body while the app's lock is held.
    ///
    /// - Parameter release: what the lock's holder is said to deploy.
    /// - Throws: where the lock cannot be had; what the body throws is said and becomes a status.
    func locked(
        _ verb: String, waitingAtMost limit: Duration, release: String? = nil,
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        let holder = LockHolder(
            pid: ProcessInformation.pid, since: clock.now, verb: verb, release: release)
        let held = try await FileLock.acquire(
            path: app.state.lock(of: app.name), holder: holder,
            waitingAtMost: limit, clock: clock,
            onWait: { other in
                let name = other.map { ": \($0.description)" } ?? ""
                console.note("Waiting for another run of Teal\(name).")
            })
        defer { held.release() }
        return try await unlocked(body)
    }

    /// The same for a body that changes nothing.
    func unlocked(
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        let log = RunLog(folder: app.state.logs(of: app.name), clock: clock)
        let progress = Progress(console, log: log, clock: clock)
        let wiring = try Wiring(
            app, Invocation.current, clock: clock, reporter: progress.reporter)
        let run = WritingRun(
            app: app, console: console, progress: progress, wiring: wiring,
            interruption: interruption)
        do {
            return try await wiring.closing { try await body(run) }
        } catch {
            return try VerbRun.failure(error, console, app: app.name, traffic: traffic(wiring))
        }
    }

    /// nil where the link cannot be read: the error of that speaks for itself.
    private func traffic(_ wiring: Wiring) -> VerbRun.Traffic? {
        do {
            return VerbRun.Traffic(colour: try wiring.router.liveColour())
        } catch {
            return nil
        }
    }
}
