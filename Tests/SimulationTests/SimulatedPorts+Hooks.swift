import BlueGreen
import Orchestration
import TestSupport

extension SimulatedPorts: HookRunner {
    func run(
        _ hook: Hook, _ circumstances: HookCircumstances,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        try await waitForSignal()
        return try host.act("a hook") { state in
            state.hooksRun += 1
            state.checkHook(circumstances)
            guard state.hookFailureRate.map({ state.random.isOne(in: $0) }) ?? false else {
                return .exited(0)
            }
            return state.random.isOne(in: 2) ? .exited(1) : .timedOut
        }
    }
}

/// A simulated hook is one act, of which a death leaves nothing.
extension SimulatedPorts: HookTraces {
    func begin(_ mark: String) throws {}
    func forget() throws {}
    func endRemains() async throws -> [Int] { [] }
}

extension SimulatedHost.State {
    /// The promises to a hook at its point, as far as nobody has died meanwhile.
    fileprivate mutating func checkHook(_ circumstances: HookCircumstances) {
        let candidate = circumstances.candidate
        let runs = containers.contains { $0.placement == candidate && $0.isRunning }
        let isArmed = !(armed?[candidate.colour].isEmpty ?? true)
        let wrong: String? =
            switch circumstances.point {
            case .beforeStart: runs ? "its release runs already" : nil
            case .beforeSwitch:
                !isArmed || live == candidate.colour ? "nginx is not armed, or switched" : nil
            case .afterSwitch, .afterRetire:
                live != candidate.colour ? "traffic is elsewhere" : nil
            }
        if let wrong {
            violations.append("a \(circumstances.point.rawValue) hook ran, but \(wrong)")
        }
        if current?.kind != .deploy, circumstances.point == .beforeSwitch {
            violations.append("a rollback ran a before_switch hook")
        }
    }
}
