import BlueGreen
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import HostSystem

@Suite("The command runner")
struct CommandRunnerTests {
    private let runner = SubprocessCommandRunner(graceTime: .milliseconds(200))

    private func shell(_ script: String, outputLimit: Int64 = 1 << 20) -> Command {
        Command("sh", ["-c", script], outputLimit: .init(bytes: outputLimit))
    }

    @Test("A program's outputs and its exit code come back apart from each other")
    func outputs() async throws {
        let result = try await runner.run(shell("echo one; echo two >&2; exit 7"))
        #expect(
            result
                == CommandResult(
                    ending: .exited(7), standardOutput: "one\n", standardError: "two\n"))
    }

    @Test("A program that ends by a signal says which")
    func signalled() async throws {
        let result = try await runner.run(shell("kill -KILL $$"))
        #expect(result.ending == .signalled(9))
    }

    @Test("Standard input is at its end from the start")
    func standardInput() async throws {
        let result = try await runner.run(shell("cat; readlink /proc/self/fd/0"))
        #expect(result.standardOutput == "/dev/null\n")
    }

    @Test("A program leads a session of its own, so that it has no terminal to ask at")
    func session() async throws {
        let result = try await runner.run(shell("ps -o pid=,sid=,tty= -p $$"))
        let fields = result.standardOutput.split(separator: " ").map(String.init)
        #expect(fields.count == 3 && fields.first == fields.dropFirst().first)
        #expect(fields.last == "?\n")
    }

    @Test("A text for standard input is read whole, and may be left unread")
    func givenInput() async throws {
        var command = shell("cat")
        command.standardInput = String(repeating: "é\n", count: 20_000)
        #expect(try await runner.run(command).standardOutput == command.standardInput)
        command.arguments = ["-c", "exit 3"]
        #expect(try await runner.run(command).ending == .exited(3))
    }

    @Test("A text that a pipe cannot hold is refused")
    func largeInput() async throws {
        var command = shell("cat")
        command.standardInput = String(repeating: "x", count: 65_537)
        await #expect(throws: HostError.self) { try await runner.run(command) }
    }

    @Test("Arguments and variables arrive byte for byte")
    func arguments() async throws {
        var command = Command(
            "sh", ["-c", #"printf '%s|' "$VALUE" "$@""#, "sh", "a b", "$HOME", ""])
        command.environment = ["VALUE": "x=y \"z\" é"]
        let result = try await runner.run(command)
        #expect(result.standardOutput == "x=y \"z\" é|a b|$HOME||")
    }

    @Test("A program runs in the folder that was asked for")
    func workingDirectory() async throws {
        let folder = try TemporaryFolder()
        var command = Command("pwd", ["-P"])
        command.workingDirectory = folder.path
        #expect(try await runner.run(command).standardOutput == folder.path + "\n")
    }

    @Test("A working directory that is missing is named")
    func missingWorkingDirectory() async throws {
        var command = Command("pwd", [])
        command.workingDirectory = "/nowhere/at/all"
        await #expect(
            throws: HostError.programNotStarted(
                "pwd", reason: "its working directory /nowhere/at/all is missing")
        ) { try await runner.run(command) }
    }

    @Test("A program that is not installed is named", arguments: ["no-such-program", "/no/such"])
    func notFound(name: String) async throws {
        await #expect(throws: HostError.programNotFound(name)) {
            try await runner.run(Command(name, []))
        }
    }

    @Test("Each line of both outputs is handed on as it comes, the last one without an end too")
    func lines() async throws {
        let lines = Mutex<[String]>([])
        let result = try await runner.run(shell("printf 'a\\r\\nb\\nc'; printf 'd\\n' >&2")) {
            line in
            lines.withLock { $0.append(line) }
        }
        #expect(lines.withLock { $0.sorted() } == ["a", "b", "c", "d"])
        #expect(result.standardOutput == "a\r\nb\nc")
    }

    @Test("A program over its time limit is ended, and its output is kept")
    func timeLimit() async throws {
        let result = try await runUntilFirstLine(
            "trap 'echo ending; exit 0' TERM; echo begun; while :; do sleep 0.01; done")
        #expect(result.ending == .timedOut(.seconds(60)))
        #expect(result.standardOutput == "begun\nending\n")
    }

    @Test("A program that ignores SIGTERM is killed, and its children with it")
    func stubborn() async throws {
        let result = try await runUntilFirstLine(
            "trap '' TERM; (while :; do sleep 0.01; done) & echo $!; wait; wait")
        #expect(result.ending == .timedOut(.seconds(60)))
        let child = try #require(pid_t(result.standardOutput.dropLast()))
        // SIGKILL is on its way to it, and a busy host takes its time.
        for _ in 1...100_000 where isRunning(child) { await Task.yield() }
        #expect(!isRunning(child))
    }

    @Test("The time limit holds for a program that has closed its outputs")
    func closedOutputs() async throws {
        let result = try await runUntilFirstLine(
            "exec >&-; echo closing >&2; exec 2>&-; while :; do sleep 0.01; done")
        #expect(result.ending == .timedOut(.seconds(60)))
    }

    @Test("A program that has ended by itself was in time, however late that is seen")
    func endSeenLate() async throws {
        let lines = AsyncStream.makeStream(of: String.self)
        let runner = SubprocessCommandRunner(graceTime: .milliseconds(200)) { _ in
            for await line in lines.stream {
                let pipes = OutputPipes(pid: pid_t(line) ?? 0)
                while !pipes.hasEnded { await Task.yield() }
                return
            }
            try Task.checkCancellation()
        }
        // Its outputs stay open, so that they tell nothing of its end.
        let result = try await runner.run(shell("echo $$; sleep 1000 & echo $!; exit 3")) {
            lines.continuation.yield($0)
            lines.continuation.finish()
        }
        #expect(result.ending == .exited(3))
        let sleeping = try #require(result.standardOutput.split(separator: "\n").last)
        kill(try #require(pid_t(sleeping)), SIGKILL)
    }

    /// Runs a script whose time is over as soon as it has written a line.
    private func runUntilFirstLine(_ script: String) async throws -> CommandResult {
        let lines = AsyncStream.makeStream(of: Void.self)
        let runner = SubprocessCommandRunner(graceTime: .milliseconds(200)) { _ in
            for await _ in lines.stream { return }
            try Task.checkCancellation()
        }
        return try await runner.run(shell(script)) { _ in lines.continuation.yield() }
    }

    @Test("A grandchild that holds the outputs open is not waited for")
    func grandchild() async throws {
        let result = try await runner.run(shell("sleep 1000 & echo $!; exit 3"))
        #expect(result.ending == .exited(3))
        let child = try #require(pid_t(result.standardOutput.dropLast()))
        #expect(isRunning(child))
        kill(child, SIGKILL)
    }

    @Test("A grandchild that never stops writing is not waited for")
    func babblingGrandchild() async throws {
        let result = try await runner.run(shell("yes & echo $! >&2; exit 0", outputLimit: 1000))
        #expect(result.ending == .exited(0))
        if let child = pid_t(result.standardError.dropLast()) { kill(child, SIGKILL) }
    }

    @Test("A cancelled run ends its program and says so")
    func cancellation() async throws {
        let begun = AsyncStream.makeStream(of: pid_t.self)
        let run = Task {
            try await runner.run(shell("echo $$; while :; do sleep 0.01; done")) { line in
                begun.continuation.yield(pid_t(line) ?? 0)
            }
        }
        var pids = begun.stream.makeAsyncIterator()
        let pid = try #require(await pids.next())
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        #expect(kill(pid, 0) == -1)
    }

    @Test("A program has a process group of its own")
    func processGroup() async throws {
        let result = try await runner.run(shell("cut -d' ' -f5 /proc/$$/stat; echo $$"))
        let lines = result.standardOutput.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == lines.last)
    }

    @Test("No descriptor of Teal's reaches a program")
    func descriptors() async throws {
        let folder = try TemporaryFolder()
        let lock = try FileLock.acquire(path: folder("lock"), holder: .fixture)
        let result = try await runner.run(shell("ls -l /proc/$$/fd"))
        #expect(!result.standardOutput.contains(folder.path))
        lock.release()
    }

    @Test("Of an output over the limit the head and the tail are kept, and the gap is told")
    func outputLimit() async throws {
        let result = try await runner.run(
            shell("echo first; seq 100000 199999; echo last", outputLimit: 1000))
        #expect(result.standardOutput.hasPrefix("first\n100000\n"))
        #expect(result.standardOutput.hasSuffix("\n199999\nlast\n"))
        #expect(result.standardOutput.contains("bytes of output left out]"))
        #expect(result.standardOutput.utf8.count < 1600)
    }

    @Test("Broken UTF-8 is repaired")
    func brokenText() async throws {
        let result = try await runner.run(shell(#"printf 'a\377b'"#))
        #expect(result.standardOutput == "a\u{FFFD}b")
    }

    private func isRunning(_ pid: pid_t) -> Bool {
        guard let status = try? FileSystem().readText("/proc/\(pid)/stat") else { return false }
        // A zombie is over; its new parent reaps it when it likes.
        return !status.contains(") Z ")
    }
}
