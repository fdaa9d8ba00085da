@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import HostSystem
import Orchestration
import Testing

@Suite("Restarts on a real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealRestartTests {
    private static let image = "teal/demo-shop:v1"
    private let green = Placement(colour: .green, release: Fixture.release(2))

    private func run(
        _ app: String, _ more: [String: JSONValue] = [:],
        _ body: @Sendable (EngineStage, ComposeEngine, Told) async throws -> Void
    ) async throws {
        let web = JSONValue.object(more.merging(["image": .string(Self.image)]) { old, _ in old })
        let green = green
        try await EngineStage.set(app) { stage in
            let told = Told()
            let engine = stage.engine { $0.reporter = told }
            try await stage.deploy(["web": web], roles: [:], at: green, by: engine)
            _ = try await stage.start("web", .internal, at: green, by: engine)
            try await engine.keepRunning(green, .deployed)
            try await body(stage, engine, told)
        }
    }

    private func web(_ engine: ComposeEngine) async throws -> Container {
        try #require(try await engine.containers().first { $0.replica.service == "web" })
    }

    @Test("A restart keeps container, address and policy, and runs the hooks of both ends")
    func restart() async throws {
        let hooks: [String: JSONValue] = [
            "pre_stop": [["command": ["/shop", "--help"], "user": "0"]],
            "post_start": [["command": ["/shop", "--help"], "user": "0"]],
        ]
        try await run("real-again", hooks) { stage, engine, told in
            let before = try await web(engine)
            let start = try await startedAt(stage)
            let count = told.all.count
            try await engine.restart(before)
            let after = try await web(engine)
            #expect(after.id == before.id)
            #expect(after.address == before.address)
            #expect(after.address != nil)
            #expect(after.state == .running)
            #expect(try await startedAt(stage) != start)
            #expect(
                try await stage.policy(try await stage.container("web", .green))
                    == "unless-stopped")
            let hooks = told.all.dropFirst(count).filter { $0.contains("hook `/shop --help`") }
            #expect(hooks.count == 2, "\(told.all)")
            #expect(hooks.first?.contains("pre_stop") == true)
            #expect(hooks.last?.contains("post_start") == true)
        }
    }

    @Test("Between its stop and its start the daemon would bring it back after a crash")
    func crashBetween() async throws {
        let slow: [String: JSONValue] = [
            "environment": ["SHOP_IGNORE_TERM": "1"], "stop_grace_period": "3s",
        ]
        try await run("real-between", slow) { stage, engine, _ in
            let container = try await web(engine)
            let events = engine.events()
            async let restart: Void = engine.restart(container)
            for try await event in events where event.change == .signalled { break }
            let meanwhile = try await stage.policy(try await stage.container("web", .green))
            #expect(meanwhile == "always")
            try await restart
            #expect(
                try await stage.policy(try await stage.container("web", .green))
                    == "unless-stopped")
        }
    }

    @Test("The policy of a restart that was cut off goes with the next one, and with a stop")
    func cutOff() async throws {
        try await run("real-cutoff") { stage, engine, _ in
            let name = "real-cutoff-green-web-1"
            _ = try await stage.docker("update", "--restart", "always", name)
            try await engine.restart(try await web(engine))
            #expect(
                try await stage.policy(try await stage.container("web", .green))
                    == "unless-stopped")
            _ = try await stage.docker("update", "--restart", "always", name)
            try await engine.stop(.green)
            #expect(
                try await stage.policy(try await stage.container("web", .green))
                    == "unless-stopped")
        }
    }

    @Test("A container that was stopped is started, and one that is gone is an error")
    func stopped() async throws {
        try await run("real-started") { stage, engine, _ in
            let container = try await web(engine)
            _ = try await stage.docker("stop", "real-started-green-web-1")
            try await engine.restart(container)
            #expect(try await web(engine).state == .running)
            _ = try await stage.docker("rm", "--force", "real-started-green-web-1")
            await #expect(throws: DockerError.self) { try await engine.restart(container) }
        }
    }

    private func startedAt(_ stage: EngineStage) async throws -> String? {
        guard let container = try await stage.container("web", .green) else { return nil }
        return try await stage.api.inspectContainer(container.id)?.state.startedAt
    }
}
