import BlueGreen
package import DockerEngine
package import HostSystem

/// Runs an edge's programs on its node's host, with the host's own files.
///
/// A task cannot send a signal to the host's processes, whose namespace the swarm gives to nobody.
/// So the reload of nginx is run by a container that the node's own daemon makes for it.
package struct HostPrograms: CommandRunner {
    package static let imageVariable = "TEAL_EDGE_IMAGE"
    /// The option of `teal edge` that runs the rest of its arguments on the host.
    package static let option = "--on-host"

    private let runner: any CommandRunner
    private let api: EngineAPI
    private let image: String

    /// - Parameter api: of the node's own daemon.
    package init(_ runner: any CommandRunner, api: EngineAPI, image: String) {
        self.runner = runner
        self.api = api
        self.image = image
    }

    package func run(
        _ command: Command, onLine: (@Sendable (String) -> Void)?
    ) async throws -> CommandResult {
        let words = [command.executable] + command.arguments
        if command.arguments.starts(with: ["-s", "reload"]) {
            return try await runOnHost(words, command.timeLimit)
        }
        var entering = command
        entering.executable = EdgeService.program
        entering.arguments = ["edge", Self.option] + words
        return try await runner.run(entering, onLine: onLine)
    }

    private func runOnHost(_ words: [String], _ limit: Duration) async throws -> CommandResult {
        let act = "run \(words.joined(separator: " ")) on the host"
        let body: JSONValue = [
            "Image": .string(image),
            "Entrypoint": [.string(EdgeService.program)],
            "Cmd": .array((["edge", Self.option] + words).map(JSONValue.string)),
            "HostConfig": [
                "PidMode": "host", "NetworkMode": "host",
                "Binds": [.string("/:\(EdgeService.root)")],
            ],
        ]
        let created = try JSONValue(
            parsing: try await api.send(
                EngineRequest(method: .post, path: "/containers/create", body: body, act: act)
            ).body)
        let id = created["Id"]?.string ?? ""
        let result = await Result { try await self.end(of: id, act, limit) }
        // It is not needed any more, whatever became of it.
        _ = try await api.send(
            EngineRequest(
                method: .delete, path: "/containers/\(id)", query: [("force", "1")], act: act,
                alsoGood: [404, 409]))
        return try result.get()
    }

    private func end(of id: String, _ act: String, _ limit: Duration) async throws -> CommandResult
    {
        _ = try await api.send(
            EngineRequest(method: .post, path: "/containers/\(id)/start", act: act))
        let ended = try JSONValue(
            parsing: try await api.send(
                EngineRequest(
                    method: .post, path: "/containers/\(id)/wait", act: act, timeLimit: limit)
            ).body)
        let log = try await api.send(
            EngineRequest(
                method: .get, path: "/containers/\(id)/logs",
                query: [("stdout", "1"), ("stderr", "1")], act: act))
        let text = LogFrames.lines(of: LogFrames(log.body).bytes).joined(separator: "\n")
        return CommandResult(
            ending: .exited(ended["StatusCode"]?.integer ?? -1), standardError: text)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ act: () async throws -> Success) async {
        do {
            self = .success(try await act())
        } catch {
            self = .failure(error)
        }
    }
}
