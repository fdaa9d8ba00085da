/// What a killed run left of a hook. It may still run, a migration for one, and would run beside its
/// own repetition.
package struct HookRemains: Sendable {
    private let ports: Ports

    package init(_ ports: Ports) {
        self.ports = ports
    }

    /// To be called by whoever holds the app's lock, before anything else is done.
    package func end() async throws {
        let ended = try await ports.hooks.traces.endRemains()
        guard !ended.isEmpty else { return }
        ports.reporter.report(
            .note(
                "The last run died in a hook, which still ran and was ended: "
                    + (ended.count == 1 ? "process " : "processes ")
                    + ended.map(String.init).joined(separator: ", ") + "."))
    }
}
