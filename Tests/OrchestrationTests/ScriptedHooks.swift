import BlueGreen
import Orchestration

struct ScriptedHooks {
    /// How hooks end, in order; the last one stays.
    var endings: [HookEnding] = [.exited(0)]
    /// The output of each hook.
    var lines: [String] = []
    var error: String?
    /// Hooks run until they are ended.
    var hang = false
    /// The mark of the hook that runs, or did when its run died.
    var trace: String?
    /// The preview addresses that hooks were told, in order.
    var toldURLs: [String?] = []
}

extension ScriptedHost: HookRunner {
    func run(
        _ hook: Hook, _ circumstances: HookCircumstances,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        note("hook \(hook.text) at \(circumstances.point.rawValue)")
        with { $0.hooks.toldURLs.append(circumstances.previewURL) }
        with { $0.hooks.lines }.forEach(onLine)
        if with({ $0.hooks.hang }) {
            while !Task.isCancelled { await Task.yield() }
            throw CancellationError()
        }
        try refuse { $0.hooks.error }
        return with { $0.hooks.endings.takeFirstButKeepLast() ?? .exited(0) }
    }
}

extension ScriptedHost: HookTraces {
    func begin(_ mark: String) throws { with { $0.hooks.trace = mark } }
    func forget() throws { with { $0.hooks.trace = nil } }

    func endRemains() async throws -> [Int] {
        guard let mark = with({ $0.hooks.trace }) else { return [] }
        note("end what is left of \(mark)")
        with { $0.hooks.trace = nil }
        return [4711]
    }
}
