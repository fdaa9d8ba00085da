@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import HostSystem
import Orchestration
import Testing

/// What a real daemon remembers of containers that ended.
@Suite("Endings with a real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealEndingTests {
    private static let image = "teal/demo-shop:v1"

    private let blue = Placement(colour: .blue, release: Fixture.release(1))
    private let green = Placement(colour: .green, release: Fixture.release(2))
    private let web: JSONValue = ["image": .string(image)]
    private let small: JSONValue = [
        "image": .string(image), "mem_limit": "64m", "memswap_limit": "64m",
    ]

    /// Looks until there are so many, or for five seconds.
    private func endings(
        _ count: Int, in place: Placement, since: Timestamp, by engine: ComposeEngine
    ) async throws -> [ContainerEnding] {
        let clock = SystemClock()
        let deadline = clock.now + .seconds(5)
        while true {
            let found = try await engine.endings(since: since).filter { $0.placement == place }
            if found.count >= count || clock.now > deadline { return found }
            try await clock.sleep(until: clock.now + .milliseconds(50))
        }
    }

    /// Once it answers at all, which a container that was just started does not yet.
    private func ask(_ path: String, of container: String, _ stage: EngineStage) async throws {
        try await stage.until {
            try await stage.docker("exec", container, "/shop", "health").succeeded
        }
        _ = try await stage.docker(
            "exec", container, "/shop", "health", "http://127.0.0.1:8080\(path)")
    }

    @Test("A container that ends once tells its code, and another colour's nothing of it")
    func exit() async throws {
        try await EngineStage.set("real-exit") { stage in
            let engine = stage.engine()
            let began = SystemClock().now
            try await stage.deploy(["web": web, "api": web], roles: [:], at: green, by: engine)
            _ = try await stage.start("web", .internal, at: green, by: engine)
            _ = try await stage.start("api", .internal, at: green, by: engine)
            #expect(try await engine.endings(since: began) == [])

            try await ask("/crash", of: "real-exit-green-web-1", stage)
            let found = try await endings(1, in: green, since: began, by: engine)
            #expect(found.map(\.replica) == [Replica(service: "web", index: 1)])
            #expect(found.map(\.exitCode) == [1])
            #expect(found.map(\.isOutOfMemory) == [false])
            let end = try #require(found.first?.at)
            #expect(end > began)
            #expect(try await engine.endings(since: end + .milliseconds(1)) == [])
            #expect(found.map(\.placement) == [green])
        }
    }

    @Test("Ends that the restart policy makes good are all told, and after the container is gone")
    func restarts() async throws {
        try await EngineStage.set("real-restarts") { stage in
            let engine = stage.engine()
            let began = SystemClock().now
            try await stage.deploy(["web": web], roles: [:], at: green, by: engine)
            _ = try await stage.start("web", .internal, at: green, by: engine)
            try await engine.keepRunning(green, .deployed)
            for count in 1...2 {
                try await ask("/crash", of: "real-restarts-green-web-1", stage)
                let found = try await endings(count, in: green, since: began, by: engine)
                #expect(found.map(\.exitCode) == Array(repeating: 1, count: count))
            }
            try await engine.remove(green, .atOnce)
            let all = try await engine.endings(since: began)
            #expect(all.map(\.exitCode).prefix(2) == [1, 1])
        }
    }

    @Test("A container over its memory limit is told as OOM-killed")
    func outOfMemory() async throws {
        try await EngineStage.set("real-memory") { stage in
            let engine = stage.engine()
            let began = SystemClock().now
            try await stage.deploy(["web": small], roles: [:], at: green, by: engine)
            _ = try await stage.start("web", .internal, at: green, by: engine)
            try await engine.keepRunning(green, .deployed)
            try await ask("/memory?mb=200", of: "real-memory-green-web-1", stage)
            let found = try await endings(1, in: green, since: began, by: engine)
            #expect(found.map(\.exitCode) == [137])
            #expect(found.map(\.isOutOfMemory) == [true])
        }
    }

    @Test("A process that is killed beside one that lives is told, though nothing ended")
    func childOutOfMemory() async throws {
        try await EngineStage.set("real-child") { stage in
            let engine = stage.engine()
            let began = SystemClock().now
            try await stage.deploy(["web": small], roles: [:], at: green, by: engine)
            _ = try await stage.start("web", .internal, at: green, by: engine)
            _ = try await stage.docker(
                "exec", "--env", "SHOP_PORT=9090", "--env", "SHOP_MEMORY_MB=200",
                "real-child-green-web-1", "/shop")
            let found = try await endings(1, in: green, since: began, by: engine)
            #expect(found.map(\.exitCode) == [nil])
            #expect(found.map(\.isOutOfMemory) == [true])
            #expect(try await stage.container("web", .green)?.state == "running")
        }
    }

    @Test("Ends of a moment that is to come are none, and nothing is waited for")
    func future() async throws {
        try await EngineStage.set("real-future") { stage in
            let later = SystemClock().now + .seconds(3600)
            let found = try await stage.engine().endings(since: later)
            #expect(found == [])
        }
    }

    @Test("An answer that the engine keeps open is given up")
    func open() async throws {
        try await EngineStage.set("real-open") { stage in
            let now = SystemClock().now
            await #expect(throws: DockerError.self) {
                _ = try await stage.api.events(
                    ["die"], ofContainersWith: ["teal.app=real-open"], since: now,
                    until: now + .seconds(3600))
            }
        }
    }
}
