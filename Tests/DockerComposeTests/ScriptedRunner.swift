import HostSystem
import Synchronization

/// Answers by the arguments of a call; one that was not foreseen is a program that is not there.
final class ScriptedRunner: CommandRunner {
    private let answers: [[String]: CommandResult]
    private let asked = Mutex<[Command]>([])

    init(_ answers: [[String]: CommandResult]) {
        self.answers = answers
    }

    var calls: [Command] { asked.withLock(\.self) }

    func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        asked.withLock { $0.append(command) }
        guard let answer = answers[[command.executable] + command.arguments] else {
            throw HostError.programNotFound(command.executable)
        }
        return answer
    }
}

extension CommandResult {
    static func printed(_ text: String) -> CommandResult {
        CommandResult(ending: .exited(0), standardOutput: text)
    }

    static func failed(_ text: String) -> CommandResult {
        CommandResult(ending: .exited(1), standardError: text)
    }
}
