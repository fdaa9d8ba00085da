import ArgumentParser
import BlueGreen
import Glibc
import HostSystem
import Notices
import Orchestration
import UnixSignals

/// What a verb that writes works with while it holds the app's lock.
struct WritingRun: Sendable {
    let app: AppContext
    let console: Console
    let progress: Progress
    let wiring: Wiring
    let interruption: Interruption

    /// Takes the lock, listens to signals, and runs the body. A lost ssh session or a reader that
    /// is gone never ends a run; SIGTERM and SIGINT ask it to end well.
    ///
    /// - Parameter release: what the lock's holder is said to deploy.
    static func perform(
        _ verb: String, _ options: CommonOptions, _ lock: LockOptions, release: String? = nil,
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws {
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        let invocation = Invocation.current
        let console = Console(invocation, json: options.json)
        try await VerbRun.ending(console) {
            let app = try options.locate(invocation)
            try app.state.prepare(for: app.name)
            let clock = SystemClock()
            let interruption = Interruption()
            return try await listening(interruption) {
                let holder = LockHolder(
                    pid: ProcessInformation.pid, since: clock.now, verb: verb, release: release)
                let held = try await FileLock.acquire(
                    path: app.state.lock(of: app.name), holder: holder,
                    waitingAtMost: lock.waitLock.duration, clock: clock,
                    onWait: { other in
                        let name = other.map { ": \($0.description)" } ?? ""
                        console.note("Waiting for another run of Teal\(name).")
                    })
                defer { held.release() }
                let log = RunLog(folder: app.state.logs(of: app.name), clock: clock)
                let progress = Progress(console, log: log, clock: clock)
                let wiring = try Wiring(app, invocation, clock: clock, reporter: progress.reporter)
                let run = WritingRun(
                    app: app, console: console, progress: progress, wiring: wiring,
                    interruption: interruption)
                do {
                    return try await wiring.closing { try await body(run) }
                } catch {
                    return try VerbRun.failure(
                        error, console, app: app.name, traffic: traffic(wiring))
                }
            }
        }
    }

    /// nil where the link cannot be read: the error of that speaks for itself.
    private static func traffic(_ wiring: Wiring) -> VerbRun.Traffic? {
        do {
            return VerbRun.Traffic(colour: try wiring.router.liveColour())
        } catch {
            return nil
        }
    }

    private static func listening(
        _ interruption: Interruption, _ body: @Sendable () async throws -> ExitStatus
    ) async throws -> ExitStatus {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        // Cancelled, and awaited, when the body has ended.
        async let _: Void = {
            for await signal in signals {
                await interruption.receive(signal == .sigterm ? "SIGTERM" : "SIGINT")
            }
        }()
        return try await body()
    }

    /// Finishes or undoes what an interrupted run left behind, and says so.
    ///
    /// - Returns: the deployment that was unfinished; nil where there was none.
    func recover(
        _ ports: Ports, _ waiting: Recovery.Waiting = .leave
    ) async throws -> Deployment? {
        let recovered = try await progress.shown {
            try await Recovery(ports, interruption: interruption).recover(waiting)
        }
        if let recovered {
            try await forgetRelease(of: recovered, ports)
            await announce(recovered, ports)
        }
        return recovered
    }

    /// A release that never kept traffic is nothing to go back to, and must not push those out
    /// that are.
    private func forgetRelease(of deployment: Deployment, _ ports: Ports) async throws {
        switch (deployment.kind, deployment.outcome) {
        case (.deploy, .aborted), (.deploy, .rolledBack):
            try await ports.store.deleteRelease(deployment.candidate.release)
        case (.deploy, _), (.warmRollback, _), (.coldRollback, _):
            break
        }
    }

    /// Carries the deployment out and says its last lines.
    func carryOut(_ request: Deployment.Request, _ ports: Ports) async throws -> ExitStatus {
        let deployment = Deployment(request, at: ports.clock.now)
        let finished = try await progress.shown {
            try await Orchestrator(ports, interruption: interruption).run(deployment)
        }
        return try await conclude(finished, ports)
    }

    /// All that comes after the end of a deployment of this run.
    func conclude(_ finished: Deployment, _ ports: Ports) async throws -> ExitStatus {
        try await forgetRelease(of: finished, ports)
        await announce(finished, ports)
        return try await close(finished, ports)
    }

    /// Between the end of a deployment, which is stored, and its last lines.
    private func announce(_ deployment: Deployment, _ ports: Ports) async {
        var known: Set<ReleaseID>?
        do {
            known = Set(try await ports.store.releases().map(\.id))
        } catch {
            // The notice then offers what it usually does; the last lines meet the same error.
        }
        guard let notice = Notice(ending: deployment, of: app.name, known: known) else { return }
        await wiring.announcement(interruption).tell(notice)
    }

    /// The last lines and the exit status of a deployment that has ended.
    func close(_ deployment: Deployment, _ ports: Ports) async throws -> ExitStatus {
        let status = deployment.outcome.map(ExitStatus.init) ?? .unexpectedError
        // Who has traffic is said from the link as it is now; where it cannot be read, the words
        // for nobody having it would be wrong, so the error goes on.
        let live = try ports.router.liveColour()
        let releases = try await ports.store.releases()
        let labels = releases.compactMap { release in release.label.map { (release.id, $0) } }
        let summary = Summary(
            of: deployment,
            Summary.Circumstances(
                live: live, labels: Dictionary(labels) { first, _ in first },
                known: Set(releases.map(\.id)),
                options: app.options, log: progress.log.path(of: deployment.number)))
        progress.log.append(summary.text)
        if status != .done, case .actions = console.style {
            console.error(deployment.failure?.message ?? summary.lines[0])
        }
        if console.isJSON {
            try console.result(
                "", ResultDocument(app: app.name, status, traffic: live, deployment: deployment))
        }
        console.closing(summary.lines)
        return status
    }
}
