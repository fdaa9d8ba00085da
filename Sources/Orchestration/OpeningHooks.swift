package import BlueGreen

/// The before_start hooks on the host, which run before the compose file is read: nothing is known
/// of the release yet but its name, and nothing of it is there.
package struct OpeningHooks: Sendable {
    private let ports: Ports
    private let interruption: Interruption

    package init(_ ports: Ports, interruption: Interruption) {
        self.ports = ports
        self.interruption = interruption
    }

    /// - Parameter request: the deployment that is to come, as far as it is known.
    /// - Returns: nil once all have run; where one failed or a signal came, the deployment as it
    ///   ended, which then stands in the history.
    package func run(before request: Deployment.Request) async throws -> Deployment? {
        let began = Deployment(request, at: ports.clock.now)
        for hook in request.settings.hooks.opening {
            let result = await outcome(of: hook, began.circumstances(at: .beforeStart))
            guard result != .done else { continue }
            var ended = began
            ended.record(
                result, of: .runHook(hook, .beforeStart), at: ports.clock.now)
            return try await Orchestrator(ports, interruption: interruption).run(ended)
        }
        return nil
    }

    private func outcome(of hook: Hook, _ circumstances: HookCircumstances) async -> StepResult {
        await interruption.racing(orElse: .failed(.ended(in: .runningHook(.beforeStart, 0)))) {
            do {
                let failure = try await HookRun(ports).run(hook, circumstances)
                return failure.map { .failed($0) } ?? .done
            } catch {
                return .failed(
                    Failure(.step(phase: HookPoint.beforeStart.phaseName), "\(error)"))
            }
        }
    }
}
