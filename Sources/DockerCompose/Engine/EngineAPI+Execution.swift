import BlueGreen
import DockerEngine
import Glibc
import HostSystem
import Synchronization

/// A program to be run inside a running container.
struct Execution: Sendable {
    let words: [String]
    var environment: [String: String] = [:]
    /// nil for that of the container.
    var user: String?
    var isPrivileged = false
    /// nil for that of the container.
    var workingDirectory: String?
    let timeLimit: Duration
    /// Between SIGTERM and SIGKILL where it has to be ended; at once by SIGKILL where this is zero.
    var grace: Duration = .zero
    /// Gets each whole line of both outputs as it comes.
    var onLine: (@Sendable (String) -> Void)?
}

extension EngineAPI {
    /// Runs a program inside a running container to its end and tells its exit code.
    ///
    /// - Throws: `DockerError.noAnswer` when it takes longer. The engine has no call to
    ///   end such a program; where it is a process of this host, it is ended here, as it is when
    ///   the task is cancelled.
    func execute(_ execution: Execution, inContainer id: String) async throws -> Int {
        let act = "run \(execution.words.first ?? "a program") in \(id.prefix(12))"
        let variables = execution.environment.sorted { $0.key < $1.key }
        var body: JSONValue = [
            "AttachStdout": true, "AttachStderr": true,
            "Cmd": .array(execution.words.map(JSONValue.string)),
            "Env": .array(variables.map { .string("\($0.key)=\($0.value)") }),
        ]
        body["User"] = execution.user.map(JSONValue.string)
        if execution.isPrivileged { body["Privileged"] = true }
        body["WorkingDir"] = execution.workingDirectory.map(JSONValue.string)
        let created: CreatedExecution = try await ask(
            EngineRequest(method: .post, path: "/containers/\(id)/exec", body: body, act: act))
        do {
            try await start(created, execution, act)
        } catch {
            // Nothing of the program may run beside the next step.
            if Self.mayRunStill(after: error) {
                try await uninterrupted { try await end(created, execution, id, act) }
            }
            throw error
        }
        return try await inspect(created, act).exitCode ?? -1
    }

    /// The answer's body is the program's output; it ends when the program does.
    private func start(
        _ created: CreatedExecution, _ execution: Execution, _ act: String
    ) async throws {
        var request = EngineRequest(
            method: .post, path: "/exec/\(created.id)/start",
            body: ["Detach": false, "Tty": false], act: act, timeLimit: execution.timeLimit)
        guard let onLine = execution.onLine else {
            _ = try await send(request)
            return
        }
        let frames = SharedFrames()
        defer { frames.finish().forEach(onLine) }
        request.onBody = { frames.take($0).forEach(onLine) }
        _ = try await send(request)
    }

    private static func mayRunStill(after error: any Error) -> Bool {
        if error is CancellationError { return true }
        if case .noAnswer = error as? DockerError { return true }
        return false
    }

    private func inspect(
        _ created: CreatedExecution, _ act: String
    ) async throws -> InspectedExecution {
        try await ask(EngineRequest(method: .get, path: "/exec/\(created.id)/json", act: act))
    }

    private func end(
        _ created: CreatedExecution, _ execution: Execution, _ id: String, _ act: String
    ) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + execution.grace
        if execution.grace > .zero {
            signal(SIGTERM, to: try await inspect(created, act), ofContainer: id)
        }
        while clock.now < deadline, try await inspect(created, act).isRunning {
            try await Task.sleep(for: .milliseconds(50))
        }
        signal(SIGKILL, to: try await inspect(created, act), ofContainer: id)
    }

    /// The daemon may live in another process namespace, where the number means another process.
    /// So only one whose control group names the container is ended. The runtime gives each such
    /// program a session of its own, so that its children can be reached with it.
    private func signal(
        _ signal: Int32, to execution: InspectedExecution, ofContainer id: String
    ) {
        guard execution.isRunning, execution.pid > 1,
            // A process that has ended meanwhile has no such file, and that is as good.
            let groups = try? FileSystem().readText("/proc/\(execution.pid)/cgroup"),
            groups.contains(id)
        else { return }
        let pid = pid_t(execution.pid)
        kill(getpgid(pid) == pid ? -pid : pid, signal)
    }
}

/// The frames of one answer, read by whichever task gets its body.
private final class SharedFrames: Sendable {
    private let frames = Mutex(FrameLines())

    func take(_ bytes: [UInt8]) -> [String] { frames.withLock { $0.take(bytes) } }

    func finish() -> [String] { frames.withLock { $0.finish() } }
}

private struct CreatedExecution: Decodable {
    let id: String

    enum CodingKeys: String, CodingKey { case id = "Id" }
}

private struct InspectedExecution: Decodable {
    let exitCode: Int?
    let isRunning: Bool
    let pid: Int

    enum CodingKeys: String, CodingKey {
        case exitCode = "ExitCode"
        case isRunning = "Running"
        case pid = "Pid"
    }
}
