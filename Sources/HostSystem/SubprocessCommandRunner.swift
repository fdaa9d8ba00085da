import BlueGreen
import Glibc
import Subprocess
import SystemPackage

/// Runs programs with swift-subprocess: both outputs are captured.
///
/// Each program runs in a session of its own. So a deploy agent's signal to Teal's group does not
/// reach the program: Teal decides when it ends. The program does not have Teal's terminal: a
/// prompt for a password fails at once and does not stop it. A grandchild may hold the outputs open
/// after the program has ended; nobody waits for it.
package struct SubprocessCommandRunner: CommandRunner {
    private let graceTime: Duration
    private let waitForLimit: @Sendable (Duration) async throws -> Void

    /// - Parameter graceTime: how long a program may take to end after SIGTERM before SIGKILL.
    package init(graceTime: Duration = .seconds(2)) {
        self.init(graceTime: graceTime) { try await Task.sleep(for: $0) }
    }

    /// - Parameter waitForLimit: returns when a program's time is over.
    init(graceTime: Duration, waitForLimit: @escaping @Sendable (Duration) async throws -> Void) {
        self.graceTime = graceTime
        self.waitForLimit = waitForLimit
    }

    package func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        try Task.checkCancellation()
        let outcome: ExecutionResult<Observation, SequenceOutput, SequenceOutput>
        let configuration = try configuration(for: command)
        let input = try StandardInput.open(command.standardInput)
        do {
            outcome = try await Subprocess.run(
                configuration,
                input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .sequence, error: .sequence
            ) { execution in
                try await observe(execution, of: command, onLine: onLine)
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw HostError(error, starting: command)
        }
        try Task.checkCancellation()
        let observation = outcome.closureResult
        return CommandResult(
            ending: observation.isExpired
                ? .timedOut(command.timeLimit) : ending(outcome.terminationStatus),
            standardOutput: observation.standardOutput,
            standardError: observation.standardError)
    }

    private typealias RunningProgram = Execution<
        FileDescriptorInput, SequenceOutput, SequenceOutput
    >

    private struct Observation: Sendable {
        let standardOutput: String
        let standardError: String
        let isExpired: Bool
    }

    private func configuration(for command: Command) throws -> Configuration {
        var overrides = command.environment
        switch command.orphan {
        case .ended: overrides[ProgramOwner.variable] = ProgramOwner.present?.text
        case .left: break
        }
        let environment = CommandEnvironment(
            inherited: ProcessInformation.environment, overrides: overrides,
            home: ProcessInformation.homeFolder)
        guard
            let path = environment.locate(
                command.executable, isExecutable: ProcessInformation.isExecutable)
        else {
            throw FileSystem().exists(command.executable) && command.executable.contains("/")
                ? HostError.notExecutable(command.executable)
                : .programNotFound(command.executable)
        }
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = teardown
        return Configuration(
            executable: .path(FilePath(path)), arguments: Arguments(command.arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: environment.variables.map {
                        (Environment.Key(stringLiteral: $0.key), $0.value)
                    })),
            workingDirectory: command.workingDirectory.map { FilePath($0) },
            platformOptions: options)
    }

    private var teardown: [TeardownStep] {
        [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: graceTime)]
    }

    /// Reads the outputs until the program has ended or its time is over.
    private func observe(
        _ execution: RunningProgram, of command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> Observation {
        let leash =
            switch command.orphan {
            case .ended: ProgramLeash(on: execution.processIdentifier.value)
            case .left: ProgramLeash?.none
            }
        // The last to be done: the program has ended, and the number of its group is still its own.
        defer { leash?.release() }
        let pipes = OutputPipes(pid: execution.processIdentifier.value)
        let (output, error) = (execution.standardOutput, execution.standardError)
        let limit = command.outputLimit
        // A task of its own, awaited below in every case. When this one is cancelled the program
        // gets SIGTERM. Its last words must still be read, or SIGPIPE would end it first.
        let reading = Task {
            await pipes.read(output, error, limit: limit, onLine: onLine)
        }
        let isExpired = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                _ = await reading.value
                return false
            }
            group.addTask {
                do { try await waitForLimit(command.timeLimit) } catch { return false }
                // On a host that starves Teal itself the program's end may be seen late.
                return !pipes.hasEnded
            }
            let first = await group.next() ?? false
            group.cancelAll()
            if first { await execution.teardown(using: teardown) }
            return first
        }
        let texts = await reading.value
        // The program itself is a zombie until this function returns, so nobody else can have the
        // number of its group.
        if isExpired || Task.isCancelled { kill(-execution.processIdentifier.value, SIGKILL) }
        return Observation(
            standardOutput: texts.output, standardError: texts.error, isExpired: isExpired)
    }

    private func ending(_ status: TerminationStatus) -> CommandResult.Ending {
        switch status {
        case .exited(let code): .exited(Int(code))
        case .signaled(let signal): .signalled(Int(signal))
        }
    }
}

extension HostError {
    fileprivate init(_ error: SubprocessError, starting command: Command) {
        self =
            switch error.code {
            // The file was found before: execve misses the interpreter of a script. Carriage
            // returns in its first line change the interpreter's name as well.
            case .executableNotFound:
                .programNotStarted(
                    command.executable,
                    reason: "the program that its first line names is not there")
            case .failedToChangeWorkingDirectory:
                .programNotStarted(
                    command.executable,
                    reason: "its working directory \(command.workingDirectory ?? "") is missing")
            default:
                .programNotStarted(
                    command.executable, reason: error.underlyingError?.description ?? "\(error)")
            }
    }
}

/// The standard input of a program.
///
/// A text stands in the pipe, whole, before the program starts. So a program that ends without
/// reading it causes no SIGPIPE, as writing beside a running program would.
enum StandardInput {
    /// The caller closes it.
    ///
    /// - Parameter text: at most 64 KiB, as much as a pipe of Linux holds; nil is `/dev/null`.
    static func open(_ text: String?) throws -> FileDescriptor {
        do {
            guard let text else {
                return try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
            }
            return try filledPipe(text)
        } catch let error as Errno {
            throw HostError.file(
                path: "a program's standard input", act: "prepare", reason: "\(error)")
        }
    }

    private static func filledPipe(_ text: String) throws -> FileDescriptor {
        let (reader, writer) = try FileDescriptor.pipe()
        do {
            try writer.closeAfter {
                for end in [reader, writer] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
                // More than the pipe holds is an error instead of a wait without end.
                _ = fcntl(writer.rawValue, F_SETFL, O_NONBLOCK)
                try writer.writeAll(text.utf8)
            }
        } catch {
            // The first error tells the cause.
            try? reader.close()
            throw error
        }
        return reader
    }
}
