import Glibc
import HostSystem

extension EngineAPI {
    /// Runs a program inside a running container to its end and tells its exit code.
    ///
    /// - Throws: `DockerComposeError.noAnswer` when it takes longer. The engine has no call to
    ///   end such a program; where it is a process of this host, it is killed here.
    func execute(
        _ command: [String], inContainer id: String, timeLimit: Duration
    ) async throws -> Int {
        let act = "run \(command.first ?? "a program") in \(id.prefix(12))"
        let body: JSONValue = [
            "AttachStdout": true, "AttachStderr": true,
            "Cmd": .array(command.map(JSONValue.string)),
        ]
        let response = try await send(
            EngineRequest(method: .post, path: "/containers/\(id)/exec", body: body, act: act))
        let created = try decode(CreatedExecution.self, from: response, act: act)
        do {
            // The answer's body is the program's output; it ends when the program does.
            _ = try await send(
                EngineRequest(
                    method: .post, path: "/exec/\(created.id)/start",
                    body: ["Detach": false, "Tty": false], act: act, timeLimit: timeLimit))
        } catch let error as DockerComposeError {
            if case .noAnswer = error {
                kill(try await inspect(created, act), ofContainer: id)
            }
            throw error
        }
        return try await inspect(created, act).exitCode ?? -1
    }

    private func inspect(
        _ created: CreatedExecution, _ act: String
    ) async throws -> InspectedExecution {
        let response = try await send(
            EngineRequest(method: .get, path: "/exec/\(created.id)/json", act: act))
        return try decode(InspectedExecution.self, from: response, act: act)
    }

    /// The daemon may live in another process namespace, where the number means another process.
    /// So only one whose control group names the container is killed.
    private func kill(_ execution: InspectedExecution, ofContainer id: String) {
        guard execution.isRunning, execution.pid > 1,
            // A process that has ended meanwhile has no such file, and that is as good.
            let groups = try? FileSystem().readText("/proc/\(execution.pid)/cgroup"),
            groups.contains(id)
        else { return }
        Glibc.kill(pid_t(execution.pid), SIGKILL)
    }
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
