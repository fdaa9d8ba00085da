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
    var waiting = Waiting.closes

    /// What comes after a deployment that ends in waiting for a person.
    enum Waiting: Sendable {
        /// The last lines of the run.
        case closes
        /// Its process waits as well, and the last lines come when the waiting is over.
        case isFollowed
    }

    /// Takes the lock, listens to signals, and runs the body. A lost ssh session or a reader that
    /// is gone never ends a run; SIGTERM and SIGINT ask it to end well.
    ///
    /// - Parameter release: what the lock's holder is said to deploy.
    static func perform(
        _ verb: String, _ options: CommonOptions, _ lock: LockOptions, release: String? = nil,
        _ body: @Sendable (WritingRun) async throws -> ExitStatus
    ) async throws {
        try await listening(options) { stage in
            try stage.app.state.prepare(for: stage.app.name)
            return try await stage.locked(
                verb, waitingAtMost: lock.waitLock.duration, release: release, body)
        }
    }

    /// What a verb knows before it holds the lock.
    struct Stage: Sendable {
        let app: AppContext
        let console: Console
        let interruption: Interruption
        let clock = SystemClock()
    }

    /// Listens to signals while the body runs, and ends the process with its status.
    static func listening(
        _ options: CommonOptions, _ body: @Sendable (Stage) async throws -> ExitStatus
    ) async throws {
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        let console = Console(Invocation.current, json: options.json)
        try await VerbRun.ending(console) {
            let app = try options.locate(Invocation.current)
            let interruption = Interruption()
            return try await listening(interruption) {
                try await body(Stage(app: app, console: console, interruption: interruption))
            }
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
            try await HookRemains(ports).end()
            return try await Recovery(ports, interruption: interruption).recover(waiting)
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
        guard
            let notice = notice(waiting: deployment)
                ?? Notice(ending: deployment, of: app.name, known: known)
        else { return }
        await wiring.announcement(interruption).tell(notice)
    }

    private func notice(waiting deployment: Deployment) -> Notice? {
        guard let end = deployment.waitsUntil else { return nil }
        var notice = Notice(
            waiting: deployment, until: end, app: app.name, host: ProcessInformation.hostName,
            at: wiring.clock.now)
        notice.preview = app.configuration.preview?.url
        return notice
    }

    /// The last lines and the exit status of a deployment that has ended.
    func close(_ deployment: Deployment, _ ports: Ports) async throws -> ExitStatus {
        if deployment.waitsUntil != nil {
            switch waiting {
            case .isFollowed: return .done
            case .closes: return try closeWaiting(deployment, ports)
            }
        }
        let status = deployment.outcome.map(ExitStatus.init) ?? .unexpectedError
        // Who has traffic is said from the link as it is now; where it cannot be read, the words
        // for nobody having it would be wrong, so the error goes on.
        let traffic = try ports.router.traffic()
        let releases = try await ports.store.releases()
        let labels = releases.compactMap { release in release.label.map { (release.id, $0) } }
        let summary = Summary(
            of: deployment,
            Summary.Circumstances(
                live: traffic.colour, isInMaintenance: traffic.isInMaintenance,
                labels: Dictionary(labels) { first, _ in first },
                known: Set(releases.map(\.id)),
                options: app.options, log: progress.log.path(of: deployment.number)))
        progress.log.append(summary.text)
        if status != .done, case .lines(.actions) = console.style {
            console.error(deployment.failure?.message ?? summary.lines[0])
        }
        if console.isJSON {
            try console.result(
                "",
                ResultDocument(
                    app: app.name, status, traffic: traffic.colour, deployment: deployment))
        }
        console.closing(summary.lines)
        return status
    }
}
