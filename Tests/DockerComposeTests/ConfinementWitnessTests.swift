@testable import DockerEngine
import TestSupport
import Testing

@testable import DockerCompose

struct ConfinementWitnessTests {
    @Test("A daemon behind TCP, which may be another host's, is not asked for processes")
    func otherHost() async throws {
        let api = EngineAPI(.tcp(host: "127.0.0.1", port: 1))
        let witnesses = try await engine(api).confinementWitnesses()
        try await api.shutDown()
        #expect(witnesses.isEmpty)
    }

    @Test("A daemon that is not there is a failure, and not a host without limits")
    func noDaemon() async throws {
        let api = EngineAPI(.socket(path: "/nowhere/docker.sock"))
        await #expect(throws: DockerError.self) {
            try await engine(api).confinementWitnesses()
        }
        try await api.shutDown()
    }

    private func engine(_ api: EngineAPI) -> ComposeEngine {
        let tool = ComposeTool(call: [], environment: [:])
        return ComposeEngine(
            ComposeEngine.Settings(
                app: "shop", stateDirectory: "/nowhere", runner: ScriptedRunner(),
                tool: { tool }, api: api))
    }
}
