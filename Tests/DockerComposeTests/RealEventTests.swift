@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import HostSystem
import Orchestration
import Testing

/// What a real daemon tells while it happens.
@Suite("Events of a real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealEventTests {
    private static let image = "teal/demo-shop:v1"
    private let green = Placement(colour: .green, release: Fixture.release(2))
    private let web: JSONValue = ["image": .string(image)]

    private func run(
        _ app: String, _ body: @Sendable (EngineStage, ComposeEngine) async throws -> Void
    ) async throws {
        let (web, green) = (web, green)
        try await EngineStage.set(app) { stage in
            let engine = stage.engine()
            try await stage.deploy(["web": web], roles: [:], at: green, by: engine)
            _ = try await stage.start("web", .internal, at: green, by: engine)
            try await body(stage, engine)
        }
    }

    /// The changes up to the first end.
    private func untilEnd(
        _ events: AsyncThrowingStream<ContainerEvent, any Error>
    ) async throws -> [ContainerEvent] {
        var seen: [ContainerEvent] = []
        for try await event in events {
            seen.append(event)
            if case .ended = event.change { break }
        }
        return seen
    }

    @Test(
        "A container that was killed or stopped is told as asked for, and one that ended as not",
        arguments: [("kill", 137, true), ("stop", 0, true), ("crash", 1, false)])
    func ends(_ way: String, _ code: Int, _ isAskedFor: Bool) async throws {
        let green = green
        try await run("real-event-\(way)") { stage, engine in
            let name = "real-event-\(way)-green-web-1"
            try await stage.until {
                try await stage.docker("exec", name, "/shop", "health").succeeded
            }
            let events = engine.events()
            async let told = untilEnd(events)
            if way == "crash" {
                _ = try await stage.docker(
                    "exec", name, "/shop", "health", "http://127.0.0.1:8080/crash")
            } else {
                #expect(try await stage.docker(way, name).succeeded)
            }
            let seen = try await told
            let end = try #require(seen.last)
            #expect(end.replica == Replica(service: "web", index: 1))
            #expect(end.placement == green)
            #expect(try await stage.container("web", .green)?.id == end.id)
            #expect(
                end.change == .ended(exitCode: code, isOutOfMemory: false, isAskedFor: isAskedFor))
            #expect(seen.contains { $0.change == .signalled } == isAskedFor)
        }
    }

    @Test("A reader that leaves or is cancelled leaves no connection behind")
    func leaves() async throws {
        try await run("real-event-leave") { stage, engine in
            let before = try await listeners(stage)
            let reader = Task {
                for try await _ in engine.events() {}
            }
            try await stage.until { try await listeners(stage) == before + 1 }
            #expect(try await listeners(stage) == before + 1)
            reader.cancel()
            _ = await reader.result
            try await stage.until { try await listeners(stage) == before }
            #expect(try await listeners(stage) == before)
        }
    }

    /// How many connections the daemon tells its events over.
    private func listeners(_ stage: EngineStage) async throws -> Int {
        let result = try await stage.docker("info", "--format", "{{.NEventsListener}}")
        return try #require(Int(result.standardOutput.filter(\.isNumber)))
    }
}
