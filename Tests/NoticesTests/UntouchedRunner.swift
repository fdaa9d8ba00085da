import HostSystem
import Testing

/// For tests in which no program may run.
struct UntouchedRunner: CommandRunner {
    func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        Issue.record("nobody asked for \(command.executable)")
        throw HostError.programNotFound(command.executable)
    }
}
