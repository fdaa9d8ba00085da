import FoundationEssentials

extension EngineAPI {
    /// Runs a program inside a running container to its end and tells its exit code.
    ///
    /// - Throws: `DockerComposeError.noAnswer` when it takes longer. The program then runs on in
    ///   its container: the engine has no call to end it.
    func execute(
        _ command: [String], inContainer id: String, timeLimit: Duration
    ) async throws -> Int {
        struct Created: Decodable {
            let id: String
            enum CodingKeys: String, CodingKey { case id = "Id" }
        }
        struct Ended: Decodable {
            let exitCode: Int?
            enum CodingKeys: String, CodingKey { case exitCode = "ExitCode" }
        }
        let act = "run \(command.first ?? "a program") in \(id.prefix(12))"
        let body: JSONValue = [
            "AttachStdout": true, "AttachStderr": true,
            "Cmd": .array(command.map(JSONValue.string)),
        ]
        let created = try decode(
            Created.self,
            from: try await send(
                EngineRequest(
                    method: .post, path: "/containers/\(id)/exec", body: body, act: act)),
            act: act)
        // The answer's body is the program's output; it ends when the program does.
        _ = try await send(
            EngineRequest(
                method: .post, path: "/exec/\(created.id)/start",
                body: ["Detach": false, "Tty": false], act: act, timeLimit: timeLimit))
        let ended = try decode(
            Ended.self,
            from: try await send(
                EngineRequest(method: .get, path: "/exec/\(created.id)/json", act: act)),
            act: act)
        return ended.exitCode ?? -1
    }
}
