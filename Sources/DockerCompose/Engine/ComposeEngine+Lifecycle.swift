import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// The hooks of the compose file. Teal starts and stops containers by the Engine API, where Compose
/// does not run them. They have the bounds of Teal's own: a time limit, so much output, and traces
/// by which the next run ends what a killed one left.
extension ComposeEngine {
    private static let limit = Hook.usualTimeout
    private static let grace = Duration.seconds(2)

    /// Each step to its end, in a container of its own, before the service's first container or,
    /// where it asks for that, before each.
    ///
    /// - Parameter sibling: the service's own container; nil where it is made later.
    func runPreStart(
        of service: PlannedService, _ placement: Placement, beside sibling: ListedContainer?
    ) async throws {
        guard let set = try recorded(placement.release) else { return }
        let steps = ComposeService(name: service.name, model: set.model(of: service)).preStart
        let isFirst = (sibling?.replica?.index ?? 1) == 1
        for (index, step) in steps.enumerated()
        where isFirst || step["per_replica"]?.bool == true {
            let name = "\(service.name)'s pre_start (step \(index + 1))"
            let output = announce(name)
            let ending = try await traced("pre_start") { mark in
                try await runOnce(
                    set.preStartModel(
                        step, of: service, placement.colour, beside: sibling?.name, variables: mark),
                    service.name, placement, timeLimit: Self.limit, onLine: output.take)
            }
            try check(ending, of: name, output)
        }
    }

    /// One after the other; the first that fails fails the start.
    func runPostStart(in container: ListedContainer) async throws {
        let hooks = LifecycleHook.all(at: .postStart, in: container.labels)
        for hook in hooks {
            let name = "The post_start hook \(hook.text) of \(container.name)"
            let output = announce(name)
            do {
                let ending = try await execute(hook, .postStart, in: container, output)
                try check(ending, of: name, output)
            } catch let error as DockerError {
                // One that has ended by now is judged by its end.
                guard try await isRunning(container) else { return }
                if case .lifecycleHook = error { throw error }
                throw DockerError.lifecycleHook(
                    name, reason: "could not be run: \(error)", lines: output.lastLines)
            }
        }
    }

    func runPostStart(ofShared service: String) async throws {
        for container in try await sharedContainers() where container.replica?.service == service {
            try await runPostStart(in: container)
        }
    }

    /// Before every stop, by which way ever. A hook that fails keeps nothing from being stopped.
    func runPreStop(in containers: [ListedContainer]) async throws {
        let running = containers.filter { $0.state == "running" }
        for container in running.sorted(by: { $0.name < $1.name }) {
            for hook in LifecycleHook.all(at: .preStop, in: container.labels) {
                try await runPreStop(hook, in: container)
            }
        }
    }

    private func runPreStop(_ hook: LifecycleHook, in container: ListedContainer) async throws {
        let name = "The pre_stop hook \(hook.text) of \(container.name)"
        let output = announce(name)
        do {
            try check(try await execute(hook, .preStop, in: container, output), of: name, output)
        } catch let error where !(error is CancellationError) {
            settings.reporter.report(
                .warning("\(error) \(container.name) is stopped all the same."))
        }
    }

    private func execute(
        _ hook: LifecycleHook, _ point: LifecycleHook.Point, in container: ListedContainer,
        _ output: HookOutput
    ) async throws -> HookEnding {
        try await traced(point.rawValue) { mark in
            var execution = Execution(
                words: hook.words, environment: hook.environment.merging(mark) { $1 },
                timeLimit: Self.limit, grace: Self.grace, onLine: output.take)
            execution.user = hook.user
            execution.isPrivileged = hook.isPrivileged
            execution.workingDirectory = hook.workingDirectory
            do {
                return .exited(try await api.execute(execution, inContainer: container.id))
            } catch DockerError.noAnswer(_, let limit) where limit == Self.limit {
                return .timedOut
            }
        }
    }

    /// - Parameter body: gets the variable that marks all that belongs to the hook.
    private func traced(
        _ point: String, _ body: ([String: String]) async throws -> HookEnding
    ) async throws -> HookEnding {
        let mark = "\(app)/\(point)/\(SystemClock().now.milliseconds)"
        // A full disk keeps no hook from running; it then leaves no trace.
        try? settings.traces?.begin(mark)
        do {
            let ending = try await body([HookCircumstances.markName: mark])
            switch ending {
            case .exited: try settings.traces?.forget()
            case .signalled, .timedOut: _ = try await settings.traces?.endRemains()
            }
            return ending
        } catch {
            _ = try await settings.traces?.endRemains()
            throw error
        }
    }

    private func announce(_ name: String) -> HookOutput {
        settings.reporter.report(.note("\(name) runs."))
        return HookOutput(settings.reporter)
    }

    private func check(_ ending: HookEnding, of name: String, _ output: HookOutput) throws {
        let reason: String
        switch ending {
        case .exited(0): return
        case .exited(let code): reason = "ended with exit code \(code)."
        case .signalled(let signal): reason = "was ended by signal \(signal)."
        case .timedOut: reason = "did not end within \(Self.limit.text) and was ended."
        }
        throw DockerError.lifecycleHook(
            name, reason: reason, lines: output.lastLines.suffix(5))
    }

    private func isRunning(_ container: ListedContainer) async throws -> Bool {
        try await api.inspectContainer(container.id)?.state.status == "running"
    }

    /// nil where the record is gone or damaged: what was made by it can still be started.
    private func recorded(_ release: ReleaseID) throws -> ContainerSet? {
        do {
            return try folder(of: release).read()
        } catch DockerError.noRelease {
            return nil
        } catch DockerError.badStoredFile {
            return nil
        }
    }
}
