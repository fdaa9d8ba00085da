import HostSystem
import Synchronization

/// Keeps what it is asked to run; its answers come in order, the last one for all further runs.
final class ScriptedRunner: CommandRunner {
    private let answers: [Result<CommandResult, HostError>]
    private let asked = Mutex<[Command]>([])

    init(_ answers: Result<CommandResult, HostError>...) {
        self.answers = answers
    }

    var calls: [Command] { asked.withLock(\.self) }

    func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        let number = asked.withLock { asked in
            asked.append(command)
            return asked.count
        }
        return try answers[min(number, answers.count) - 1].get()
    }
}
