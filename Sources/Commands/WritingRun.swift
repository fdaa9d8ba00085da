import BlueGreen
import Orchestration

/// What a verb works with while it holds the app's lock.
struct WritingRun: Sendable {
    let app: AppContext
    let console: Console
    let progress: Progress
    let wiring: Wiring
    let ports: Ports
    let interruption: Interruption

    /// Has the app's deployer act while the live view shows what it does.
    func acting<Result: Sendable>(
        _ act: @Sendable (AppDeployer) async throws -> Result
    ) async throws -> Result {
        let deployer = wiring.deployer(ports, interruption)
        return try await progress.shown { try await act(deployer) }
    }
}
