package import BlueGreen
package import Orchestration

/// Runs hooks on the host: in the folder of `teal.yml`, with the caller's environment.
package struct HostHookRunner: HookRunner {
    private let app: String
    private let directory: String
    private let runner: any CommandRunner
    private let traces: HookTraceFile

    /// The lines are handed on as they come; nobody reads the captured output.
    private static let outputLimit = ByteCount(bytes: 4096)

    /// - Parameter directory: absolute; relative programs count from it too.
    package init(
        app: String, directory: String, runner: any CommandRunner, traces: HookTraceFile
    ) {
        self.app = app
        self.directory = directory
        self.runner = runner
        self.traces = traces
    }

    package func run(
        _ hook: Hook, _ circumstances: HookCircumstances,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        let result = try await runner.run(command(for: hook, circumstances), onLine: onLine)
        return switch result.ending {
        case .exited(let code): .exited(code)
        case .signalled(let signal): .signalled(signal)
        case .timedOut: .timedOut
        }
    }

    func command(for hook: Hook, _ circumstances: HookCircumstances) -> Command {
        // One that goes on after its run was killed is found by the mark of hooks.
        var command = Command(
            program(hook.words[0]), Array(hook.words.dropFirst()),
            environment: circumstances.variables(of: app), workingDirectory: directory,
            timeLimit: hook.timeout, outputLimit: Self.outputLimit)
        command.orphan = .left
        return command
    }

    private func program(_ word: String) -> String {
        word.contains("/") && !word.hasPrefix("/") ? "\(directory)/\(word)" : word
    }
}

extension HostHookRunner: HookTraces {
    package func begin(_ mark: String) throws { try traces.begin(mark) }

    package func forget() throws { try traces.forget() }

    package func endRemains() async throws -> [Int] { try await traces.endRemains() }
}
