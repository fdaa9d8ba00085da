package import HostSystem
import Synchronization

/// Keeps the commands that it is asked to run, and answers by a script.
package final class ScriptedRunner: CommandRunner {
    private let answer: @Sendable (Command, _ number: Int) throws -> CommandResult
    private let asked = Mutex<[Command]>([])

    /// The answers come in order, the last one for all further runs. Without any, a run ends the
    /// test process.
    package init(_ answers: Result<CommandResult, HostError>...) {
        answer = { command, number in
            precondition(!answers.isEmpty, "\(command.executable) was not to run")
            return try answers[min(number, answers.count) - 1].get()
        }
    }

    /// Answers by the words of a command, its program first; an unforeseen one is not installed.
    package init(_ answers: [[String]: CommandResult]) {
        answer = { command, _ in
            guard let answer = answers[[command.executable] + command.arguments] else {
                throw HostError.programNotFound(command.executable)
            }
            return answer
        }
    }

    package var calls: [Command] { asked.withLock(\.self) }

    package func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        let number = asked.withLock { asked in
            asked.append(command)
            return asked.count
        }
        return try answer(command, number)
    }
}

extension CommandResult {
    package static func printed(_ text: String) -> CommandResult {
        CommandResult(ending: .exited(0), standardOutput: text)
    }

    package static func failed(_ text: String) -> CommandResult {
        CommandResult(ending: .exited(1), standardError: text)
    }
}
