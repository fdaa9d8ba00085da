import BlueGreen

/// One hook from its announcement to what came of it.
struct HookRun: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Returns: nil where it ended with exit code 0.
    func run(_ hook: Hook, _ circumstances: HookCircumstances) async throws -> Failure? {
        let point = circumstances.point
        var circumstances = circumstances
        circumstances.mark =
            "\(circumstances.candidate.release)/\(point.rawValue)/\(ports.clock.now.milliseconds)"
        ports.reporter.report(.note("\(point.rawValue) hook: \(hook.text)"))
        let output = HookOutput(ports.reporter)
        let reason: String
        do {
            switch try await ending(of: hook, circumstances, output) {
            case .exited(0): return nil
            case .exited(let code): reason = "ended with exit code \(code)."
            case .signalled(let signal): reason = "was ended by signal \(signal)."
            case .timedOut:
                reason = "did not end within its timeout of \(hook.timeout.text) and was ended."
            }
        } catch let error where !(error is CancellationError) {
            reason = "could not be run: \(error)"
        }
        return Failure(
            .step(phase: point.phaseName), "The \(point.rawValue) hook \(hook.text) \(reason)",
            logLines: output.lastLines)
    }

    /// Of a hook that did not end by itself nothing runs any more afterwards.
    private func ending(
        of hook: Hook, _ circumstances: HookCircumstances, _ output: HookOutput
    ) async throws -> HookEnding {
        let traces = ports.hooks.traces
        try traces.begin(circumstances.mark)
        do {
            let ending = try await ports.hooks[hook.place].run(
                hook, circumstances, onLine: { output.take($0) })
            switch ending {
            case .exited: try traces.forget()
            case .signalled, .timedOut: _ = try await traces.endRemains()
            }
            return ending
        } catch {
            _ = try await traces.endRemains()
            throw error
        }
    }
}
