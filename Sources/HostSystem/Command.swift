package import BlueGreen

/// An outside program as a value, which tests can compare before it is run.
package struct Command: Hashable, Sendable {
    /// A name that is looked up in PATH and in the system's sbin folders, or an absolute path.
    package var executable: String
    package var arguments: [String]
    /// Set beside, or instead of, the variables of Teal's own environment.
    package var environment: [String: String]
    package var workingDirectory: String?
    /// The whole text that the program can read; nil is an end at once.
    package var standardInput: String?
    /// The program is ended when it takes longer: SIGTERM, then SIGKILL.
    package var timeLimit: Duration
    /// Of each output stream; a longer one loses its middle, and a line says so.
    package var outputLimit: ByteCount

    /// What becomes of it where Teal itself is killed.
    package var orphan = Orphan.ended

    /// A program that nobody waits for any more.
    package enum Orphan: Hashable, Sendable {
        /// It ends in the same moment; what escapes that is ended by the next run.
        case ended
        /// It is the user's own, and what it leaves in the background is meant to stay.
        case left
    }

    package init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        workingDirectory: String? = nil, timeLimit: Duration = .seconds(60),
        outputLimit: ByteCount = .mebibytes(4)
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.timeLimit = timeLimit
        self.outputLimit = outputLimit
    }
}

/// The result of a program that could be started. A non-zero exit is a result to look at.
package struct CommandResult: Hashable, Sendable {
    /// How a program ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int)
        case signalled(Int)
        case timedOut(Duration)
    }

    package let ending: Ending
    package let standardOutput: String
    package let standardError: String

    package init(ending: Ending, standardOutput: String = "", standardError: String = "") {
        self.ending = ending
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    package var succeeded: Bool { ending == .exited(0) }
}

/// Runs outside programs with a standard input and outputs of their own. No child reads the
/// caller's stdin or keeps its stdout open.
package protocol CommandRunner: Sendable {
    /// - Parameter onLine: gets each whole line of both outputs as it comes; nil where nobody
    ///   watches.
    /// - Throws: a `HostError` such as `programNotFound` where the program could not be started.
    ///   `CancellationError` after ending the child where the task was cancelled.
    func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult
}

extension CommandRunner {
    package func run(_ command: Command) async throws -> CommandResult {
        try await run(command, onLine: nil)
    }
}
