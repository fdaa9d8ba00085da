import ArgumentParser
import BlueGreen
import Glibc
import HostSystem
import Orchestration
import UnixSignals

/// The app, the console and the signals of a verb that writes, before it holds the app's lock.
struct WritingSession: Sendable {
    let app: AppContext
    let console: Console
    let interruption = Interruption()
    let clock = SystemClock()

    /// Listens to signals while the body runs, and ends the process with its status. A lost ssh
    /// session or a reader that is gone never ends a run; SIGTERM and SIGINT ask it to end well.
    static func run(
        _ options: CommonOptions, for purpose: ConfigurationFile.Purpose = .knownReleases,
        _ body: @Sendable (WritingSession) async throws -> ExitStatus
    ) async throws {
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        let console = Console(Invocation.currentRun, json: options.json)
        try await VerbRun.ending(console) {
            let app = try options.locate(Invocation.current, for: purpose)
            app.warning.map(console.note)
            let session = WritingSession(app: app, console: console)
            let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
            // Cancelled, and awaited, when the body has ended.
            async let _: Void = session.interruption.receive(signals)
            return try await body(session)
        }
    }

    /// The whole of a verb that takes the lock once.
    static func locked(
        _ verb: String, _ options: CommonOptions, _ lock: LockOptions, release: String? = nil,
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws {
        try await run(options) { session in
            try session.app.state.prepare(for: session.app.name)
            return try await session.locked(
                verb, waitingAtMost: lock.waitLock.duration, release: release, body)
        }
    }

    /// Runs the body while the app's lock is held.
    ///
    /// - Parameter release: what the lock's holder is said to deploy.
    /// - Throws: where the lock cannot be had. An error of the body is said and becomes a status.
    func locked(
        _ verb: String, waitingAtMost limit: Duration, release: String? = nil,
        choices: ReleaseChoices = ReleaseChoices(),
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        try await holdingLock(verb, waitingAtMost: limit, release: release) {
            try await wired(choices) { wiring, progress in
                try await leased(wiring, verb, waitingAtMost: limit, release: release) {
                    try await body(run(wiring, progress, .writing))
                }
            }
        }
    }

    /// Runs the body while no run on another host writes to the app.
    func leased(
        _ wiring: Wiring, _ verb: String, waitingAtMost limit: Duration, release: String? = nil,
        _ body: () async throws -> ExitStatus
    ) async throws -> ExitStatus {
        guard let lease = wiring.lease else { return try await body() }
        return try await lease(
            holder(verb, release), limit,
            { console.note("Waiting for another run of Teal: \($0).") }, body)
    }

    private func holder(_ verb: String, _ release: String?) -> LockHolder {
        LockHolder(
            pid: ProcessInformation.pid, since: clock.now, verb: verb, release: release)
    }

    /// Runs the body while the app's lock is held, and opens nothing but what it asks for.
    func holdingLock(
        _ verb: String, waitingAtMost limit: Duration, release: String? = nil,
        _ body: @Sendable () async throws -> ExitStatus
    ) async throws -> ExitStatus {
        let held = try await FileLock.acquire(
            path: app.state.lock(of: app.name), holder: holder(verb, release),
            waitingAtMost: limit, clock: clock,
            onWait: { other in
                let name = other.map { ": \($0.description)" } ?? ""
                console.note("Waiting for another run of Teal\(name).")
            })
        defer { held.release() }
        try await clearRemains()
        return try await body()
    }

    /// What killed runs left: programs that still run, and files that were half written.
    private func clearRemains() async throws {
        let ended = try await OrphanedPrograms.end()
        if !ended.isEmpty {
            console.note(
                "A run of Teal was killed, and programs that it had started still ran. They were "
                    + "ended: processes \(ended.map(String.init).joined(separator: ", ")).")
        }
        let nginx = app.configuration.nginx.directory
        for folder in [app.state.folder(of: app.name), "\(nginx)/\(app.name)"] {
            // A folder that cannot be read is told by what needs it. These files do no harm.
            try? AtomicFile.removeRemains(in: folder)
        }
    }

    /// Runs a body that changes nothing, without the lock.
    func looking(
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        try await opened(.reading, ReleaseChoices(), body)
    }

    private func opened(
        _ access: Wiring.StoreAccess, _ choices: ReleaseChoices,
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        try await wired(choices) { try await body(run($0, $1, access)) }
    }

    private func run(
        _ wiring: Wiring, _ progress: Progress, _ access: Wiring.StoreAccess
    ) throws -> WritingRun {
        WritingRun(
            app: app, console: console, progress: progress, wiring: wiring,
            ports: try wiring.ports(access), interruption: interruption)
    }

    /// Without the store.
    func wired(
        _ choices: ReleaseChoices = ReleaseChoices(),
        _ body: (Wiring, Progress) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        let log = RunLog(folder: app.state.logs(of: app.name), clock: clock)
        let progress = Progress(console, log: log, clock: clock)
        let wiring = try Wiring(
            app, Invocation.current, clock: clock, reporter: progress.reporter, choices: choices)
        do {
            return try await wiring.closing { try await body(wiring, progress) }
        } catch let error as any ClusterFailure where error.meaning == .leased {
            // The caller may wait, as for a lock of this host.
            throw error
        } catch {
            return try VerbRun.failure(
                error, console, app: app.name, traffic: await wiring.trafficByLink(console.note))
        }
    }
}

extension Interruption {
    /// Until the task is cancelled.
    func receive(_ signals: UnixSignalsSequence) async {
        for await signal in signals { receive(signal == .sigterm ? "SIGTERM" : "SIGINT") }
    }
}
