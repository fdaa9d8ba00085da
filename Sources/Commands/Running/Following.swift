import BlueGreen
import HostSystem
import Orchestration

/// Stays with a deployment that waits for a person, without the lock, until somebody has ended it.
/// If its time is over and nobody did, Teal aborts it from here.
struct Following {
    let session: WritingSession
    private static let interval = Duration.milliseconds(500)

    /// - Returns: as the deployment ended; at once where none waits.
    func follow() async throws -> ExitStatus {
        let past = try await deployments(limit: 50, session.console.note)
        guard let waiting = past.first, waiting.waitsUntil != nil else { return .done }
        try await say(waiting)
        let view = ProgressView(session.console, clock: session.clock)
        let end: End = try await view.shown(after: past) { try await carriedOn(waiting, view) }
        switch end {
        case .ended(let deployment): return try await close(deployment)
        case .closed(let status): return status
        case .left: return try await leave(waiting)
        case .gone:
            session.console.closing(["The app was taken down while its deployment waited."])
            return .aborted
        }
    }

    private enum End {
        case ended(Deployment)
        /// Taken up and closed from here.
        case closed(ExitStatus)
        case left
        case gone
    }

    /// Shows how the deployment goes on, whoever carries it on.
    private func carriedOn(_ waiting: Deployment, _ view: ProgressView) async throws -> End {
        var shown = waiting
        view.report(.advanced(waiting))
        while session.interruption.signal == nil {
            try await session.clock.sleep(until: session.clock.now + Self.interval)
            guard let deployment = try await present(waiting) else { return .gone }
            for phase in deployment.phases.dropFirst(shown.phases.count)
            where phase.name != deployment.outcome?.rawValue {
                view.report(.entered(phase: phase.name))
            }
            if deployment.outcome != nil {
                view.report(.finished(deployment))
                return .ended(deployment)
            }
            if deployment != shown { view.report(.advanced(deployment)) }
            shown = deployment
            if let status = try await takeUp(deployment, view) { return .closed(status) }
        }
        return .left
    }

    /// As it stands now; the store is opened anew each time, since `teal down` removes the file.
    private func present(_ deployment: Deployment) async throws -> Deployment? {
        try await deployments(limit: 100) { _ in }.first { $0.number == deployment.number }
    }

    private func deployments(
        limit: Int, _ note: @escaping @Sendable (String) -> Void
    ) async throws -> [Deployment] {
        try await Wiring.readingHistory(of: session.app, note: note) {
            try await $0.deployments(limit: limit)
        }
    }

    private func say(_ deployment: Deployment) async throws {
        _ = try await session.looking { run in
            for line in run.waitingLines(deployment, live: try await run.ports.router.liveColour())
            {
                run.console.note(line)
            }
            return .done
        }
    }

    private func close(_ deployment: Deployment) async throws -> ExitStatus {
        try await session.looking { run in
            try await run.close(deployment)
        }
    }

    /// Its time is over, or the process that carried it on has died.
    ///
    /// - Returns: nil where there is nothing to do, or somebody else does it.
    private func takeUp(
        _ deployment: Deployment, _ view: ProgressView
    ) async throws -> ExitStatus? {
        if let until = deployment.waitsUntil, session.clock.now < until { return nil }
        do {
            return try await session.locked("deploy", waitingAtMost: .zero) { run in
                view.leave()
                let recovered = try await run.acting { try await $0.takeUp().deployment }
                // Somebody may have ended it before the lock was free.
                let ended = try await present(deployment)
                return try await run.close(recovered ?? ended ?? deployment)
            }
        } catch HostError.locked {
            return nil
        } catch let error as any ClusterFailure where error.meaning == .leased {
            // As on this host: somebody on another one carries it on.
            return nil
        }
    }

    private func leave(_ deployment: Deployment) async throws -> ExitStatus {
        try await session.looking { run in
            try await run.closeWaiting(deployment)
        }
    }
}
