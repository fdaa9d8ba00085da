/// Answers calls of Docker's Engine API, by whichever transport.
package protocol EngineCalls: Sendable {
    /// - Throws: `DockerError.engine` for a status that is neither 2xx nor expected.
    func send(_ request: EngineRequest) async throws -> EngineResponse

    /// As `send`, with the answer read; nil for a 404 that the request expects.
    func read(_ request: EngineRequest) async throws -> JSONValue?
}

extension EngineAPI: EngineCalls {
    package func read(_ request: EngineRequest) async throws -> JSONValue? {
        let response = try await send(request)
        return response.status == 404 ? nil : try JSONValue(parsing: response.body)
    }
}
