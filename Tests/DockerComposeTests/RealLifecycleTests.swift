@testable import DockerEngine
import BlueGreen
import HostSystem
import Orchestration
import Synchronization
import Testing

@testable import DockerCompose

/// What a run of the engine told.
final class Told: Reporter {
    private let texts = Mutex<[String]>([])

    func report(_ event: ProgressEvent) {
        switch event {
        case .warning(let text): texts.withLock { $0.append("warning: \(text)") }
        case .note(let text), .output(let text): texts.withLock { $0.append(text) }
        case .began, .entered, .advanced, .resting, .starting, .leftAlone, .up, .room, .settling,
            .rested, .waiting, .draining, .observed, .awaitingPromotion, .finished:
            break
        }
    }

    var all: [String] { texts.withLock(\.self) }
}

@Suite("A17: Hooks of the compose file on a real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealLifecycleTests {
    private static let image = "teal/demo-shop:v1"
    private let blue = Placement(colour: .blue, release: Fixture.release(1))

    /// Runs the one service on a stage of its own.
    ///
    /// - Parameter hooks: by key, the arguments of the demo's own program.
    private func stage(
        _ app: String, _ role: ServiceRole, _ hooks: [String: [String]],
        _ body: @Sendable (EngineStage, ComposeEngine, Told) async throws -> Void
    ) async throws {
        var service: JSONValue = ["image": .string(Self.image)]
        for (key, words) in hooks {
            let words = key == "pre_start" ? words : ["/shop"] + words
            service[key] = [["command": .array(words.map(JSONValue.string)), "user": "0"]]
        }
        let services = ["web": service]
        let place = blue
        try await EngineStage.set(app) { stage in
            let told = Told()
            let engine = stage.engine { $0.reporter = told }
            try await stage.deploy(services, roles: ["web": role], at: place, by: engine)
            try await body(stage, engine, told)
        }
    }

    @Test("A post_start runs when its container has started, and its output is told")
    func postStart() async throws {
        let place = blue
        let hooks = ["post_start": ["--help"]]
        try await stage("real-poststart", .internal, hooks) { stage, engine, told in
            let first = try await stage.start("web", .internal, at: place, by: engine)
            #expect(first == .started)
            #expect(told.all.contains { $0.contains("The post_start hook `/shop --help` of") })
            #expect(told.all.contains { $0.contains("SHOP_VERSION") })
            let count = told.all.count
            let again = try await stage.start("web", .internal, at: place, by: engine)
            #expect(again == .ranAlready)
            #expect(told.all.count == count)
        }
    }

    @Test(
        "A post_start or pre_start that fails fails the start, with its last lines",
        arguments: [
            ("post_start", ServiceRole.internal), ("pre_start", .internal), ("pre_start", .shared),
        ])
    func failingStart(_ key: String, _ role: ServiceRole) async throws {
        let place = blue
        try await stage("real-badstart", role, [key: ["nonsense"]]) { stage, engine, told in
            let error = await #expect(throws: DockerError.self) {
                try await stage.start("web", role, at: place, by: engine)
            }
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains(key) && text.contains("ended with exit code 64."))
            #expect(text.contains("unknown word \"nonsense\""))
            let isRunning = try await stage.container("web", role == .shared ? nil : .blue)?.state
            #expect((isRunning == "running") == (key == "post_start"))
            let all = try await stage.api.containers(labels: ["teal.app=real-badstart"])
            #expect(all.allSatisfy { $0.labels["teal.hook"] == nil })
        }
    }

    @Test("A container that was up before is started again whatever its hooks do")
    func wayBack() async throws {
        let place = blue
        let hooks = ["post_start": ["nonsense"], "pre_start": ["--help"]]
        try await stage("real-wayback", .internal, hooks) { stage, engine, told in
            await #expect(throws: DockerError.self) {
                try await stage.start("web", .internal, at: place, by: engine)
            }
            try await engine.stop(.blue)
            let again = try await stage.start("web", .internal, at: place, by: engine)
            #expect(again == .started)
            let warnings = told.all.filter { $0.hasPrefix("warning: ") }
            #expect(warnings.count == 1)
            #expect(warnings.first?.contains("is started all the same") == true)
        }
    }

    @Test("A pre_start runs in a container of its own that is gone when the service starts")
    func preStart() async throws {
        let place = blue
        let hooks = ["pre_start": ["--help"]]
        try await stage("real-prestart", .internal, hooks) { stage, engine, told in
            _ = try await stage.start("web", .internal, at: place, by: engine)
            #expect(told.all.contains { $0.contains("SHOP_VERSION") })
            let all = try await stage.api.containers(labels: ["teal.app=real-prestart"])
            #expect(all.map(\.name) == ["real-prestart-blue-web-1"])
            #expect(all.first?.state == "running")
        }
    }

    /// Each way in which a container of Teal's comes to its end.
    enum Stop: CaseIterable {
        case stop
        case stopSingletons
        case retire
        case cleanUp
        case down
        case replaceShared

        var role: ServiceRole {
            switch self {
            case .stop, .retire, .cleanUp, .down: .internal
            case .stopSingletons: .singleton
            case .replaceShared: .shared
            }
        }
    }

    @Test(
        "A pre_stop runs before every stop, and one that fails is a warning",
        arguments: Stop.allCases)
    func preStop(_ stop: Stop) async throws {
        let place = blue
        let app = "real-prestop"
        try await stage(app, stop.role, ["pre_stop": ["nonsense"]]) { stage, engine, told in
            _ = try await stage.start("web", stop.role, at: place, by: engine)
            let before = try await stage.container("web", stop.role == .shared ? nil : .blue)
            switch stop {
            case .stop: try await engine.stop(.blue)
            case .stopSingletons: _ = try await engine.stopSingletons(of: .blue, and: [])
            case .retire: try await engine.remove(.blue, .graceful)
            case .cleanUp: try await engine.remove(place, .atOnce)
            case .down: _ = try await engine.takeDown()
            case .replaceShared:
                let green = Placement(colour: .green, release: Fixture.release(2))
                let updating = stage.engine {
                    $0.reporter = told
                    $0.choices.updateShared = ["web"]
                }
                try await stage.deploy(
                    ["web": ["image": .string(Self.image)]], roles: ["web": .shared], at: green,
                    by: updating)
                _ = try await stage.start("web", .shared, at: green, by: updating)
            }
            let warnings = told.all.filter { $0.hasPrefix("warning: ") }
            #expect(warnings.count == 1)
            #expect(
                warnings.first?.hasPrefix(
                    "warning: The pre_stop hook `/shop nonsense` of \(before?.name ?? "") "
                        + "ended with exit code 64.") == true)
            let after = try await stage.container("web", stop.role == .shared ? nil : .blue)
            #expect(after?.id != before?.id || after?.state != "running")
            // One that does not run has nothing that could be run in it.
            try await engine.stop(.blue)
            #expect(told.all.filter { $0.hasPrefix("warning: ") }.count == 1)
        }
    }
}
