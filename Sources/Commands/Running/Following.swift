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
        guard let waiting = try await Wiring.storeForReading(session.app).unfinished(),
            waiting.waitsUntil != nil
        else { return .done }
        try await say(waiting)
        while session.interruption.signal == nil {
            try await session.clock.sleep(until: session.clock.now + Self.interval)
            guard let deployment = try await present(waiting) else {
                session.console.closing(["The app was taken down while its deployment waited."])
                return .aborted
            }
            if deployment.outcome != nil { return try await close(deployment) }
            if let status = try await takeUp(deployment) { return status }
        }
        return try await leave(waiting)
    }

    /// As it stands now; the store is opened anew each time, since `teal down` removes the file.
    private func present(_ deployment: Deployment) async throws -> Deployment? {
        try await Wiring.storeForReading(session.app).deployments(limit: 100)
            .first { $0.number == deployment.number }
    }

    private func say(_ deployment: Deployment) async throws {
        _ = try await session.looking { run in
            for line in run.waitingLines(deployment, live: try run.ports.router.liveColour()) {
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
    private func takeUp(_ deployment: Deployment) async throws -> ExitStatus? {
        if let until = deployment.waitsUntil, session.clock.now < until { return nil }
        do {
            return try await session.locked("deploy", waitingAtMost: .zero) { run in
                let recovered = try await run.acting { try await $0.takeUp().deployment }
                // Somebody may have ended it before the lock was free.
                let ended = try await present(deployment)
                return try await run.close(recovered ?? ended ?? deployment)
            }
        } catch HostError.locked {
            return nil
        }
    }

    private func leave(_ deployment: Deployment) async throws -> ExitStatus {
        try await session.looking { run in
            try run.closeWaiting(deployment)
        }
    }
}
