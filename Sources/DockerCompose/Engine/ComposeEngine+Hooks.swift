package import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

/// Hooks in services of the candidate: in a container of their own before anything of it runs,
/// and inside the first replica from then on.
extension ComposeEngine: HookRunner {
    /// As on the host.
    private static let hookGrace = Duration.seconds(2)

    package func run(
        _ hook: Hook, _ circumstances: HookCircumstances,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        guard case .service(let name) = hook.place else {
            preconditionFailure("a hook on the host came to the containers: \(hook.text)")
        }
        switch circumstances.point {
        case .beforeStart:
            return try await runOnce(hook, in: name, circumstances, onLine)
        case .beforeSwitch, .afterSwitch, .afterRetire:
            return try await runInside(hook, name, circumstances, onLine)
        }
    }

    private func runOnce(
        _ hook: Hook, in name: String, _ circumstances: HookCircumstances,
        _ onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        let placement = circumstances.candidate
        let set = try folder(of: placement.release).read()
        guard let service = set.services.first(where: { $0.name == name }) else {
            throw DockerError.noServiceContainer(name, placement.colour)
        }
        let model = set.hookModel(
            hook, of: service, placement.colour, variables: circumstances.variables(of: app))
        return try await runOnce(
            model, name, placement, timeLimit: hook.timeout, onLine: onLine)
    }

    /// Runs the one service of the model in a container that is gone afterwards.
    func runOnce(
        _ model: JSONValue, _ service: String, _ placement: Placement, timeLimit: Duration,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        let file = folder(of: placement.release).hookFile(placement.colour)
        try AtomicFile.write(model.serialized(), to: file, access: .ownerOnly)
        let result: CommandResult
        do {
            result = try await run(
                .runHook(
                    service, project: ResourceNames.hookProject(app, placement.colour),
                    file: file, timeLimit: timeLimit), onLine: onLine)
        } catch {
            try await removeHookContainers(of: placement)
            throw error
        }
        // Compose removes the container only where the program ended by itself.
        if !result.succeeded { try await removeHookContainers(of: placement) }
        return switch result.ending {
        case .exited(let code): .exited(code)
        case .signalled(let signal): .signalled(signal)
        case .timedOut: .timedOut
        }
    }

    /// Waited for even where the task is cancelled: nothing of the hook may run beside the
    /// clean-up.
    private func removeHookContainers(of placement: Placement) async throws {
        try await Task {
            let left = try await api.containers(labels: labels(of: placement))
                .filter { $0.labels[ResourceLabel.hook] != nil }
            try await remove(left, .atOnce)
        }.value
    }

    private func runInside(
        _ hook: Hook, _ name: String, _ circumstances: HookCircumstances,
        _ onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        let placement = circumstances.candidate
        let running = try await api.containers(labels: labels(of: placement))
            .filter { $0.replica?.service == name && $0.state == "running" }
        let first = running.min { ($0.replica?.index ?? 0) < ($1.replica?.index ?? 0) }
        guard let first else {
            throw DockerError.noServiceContainer(name, placement.colour)
        }
        let execution = Execution(
            words: hook.words, environment: circumstances.variables(of: app),
            timeLimit: hook.timeout, grace: Self.hookGrace, onLine: onLine)
        do {
            return .exited(try await api.execute(execution, inContainer: first.id))
        } catch DockerError.noAnswer(_, let limit) where limit == hook.timeout {
            return .timedOut
        }
    }
}
