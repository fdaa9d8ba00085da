@testable import DockerEngine
import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerCompose

@Suite("Acts on the app's own things only")
struct OwnThingsTests {
    /// An engine whose daemon lists these containers whenever it is asked.
    private func withEngine(
        listing containers: String, _ runner: ScriptedRunner,
        _ body: (ComposeEngine) async throws -> Void
    ) async throws -> [String] {
        let daemon = try await Receiver.start(
            .status(200, fields: ["Api-Version": "1.41"], body: "OK"),
            .status(200, body: containers))
        let api = EngineAPI(.tcp(host: "127.0.0.1", port: daemon.port))
        let folder = try TemporaryFolder()
        let engine = ComposeEngine(
            ComposeEngine.Settings(
                app: "shop", stateDirectory: folder.path, runner: runner,
                tool: {
                    ComposeTool(call: ["docker", "compose"], environment: [:])
                }, api: api))
        do {
            try await body(engine)
        } catch {
            try await api.shutDown()
            throw error
        }
        try await api.shutDown()
        try await daemon.stop()
        var paths: [String] = []
        for await request in daemon.requests { paths.append(request.path) }
        return paths
    }

    private static func container(_ labels: String) -> String {
        #"[{"Id": "a", "Names": ["/mine"], "ImageID": "i", "State": "exited", "Status": "","#
            + #" "Labels": {"com.docker.compose.project": "shop-blue"\#(labels)}}]"#
    }

    static let commands: [ComposeCommand] = [
        .create(project: "shop-blue", file: "/f"),
        .upShared("db", project: "shop-blue", file: "/f"),
        .replaceShared("db", project: "shop-blue", file: "/f"),
        .runHook("web", project: "shop-blue", file: "/f", timeLimit: .seconds(1)),
        ComposeCommand(project: "shop-blue", files: ["/f"], verbs: ["down"]),
    ]

    @Test(
        "A1: Compose is not called on a project with a container of somebody else",
        arguments: commands)
    func refused(_ command: ComposeCommand) async throws {
        let runner = ScriptedRunner()
        let paths = try await withEngine(
            listing: Self.container(#", "teal.app": "other""#), runner
        ) { engine in
            await #expect(
                throws: DockerError.strangers(["mine"], project: "shop-blue", app: "shop")
            ) { try await engine.run(command) }
        }
        #expect(runner.calls.isEmpty)
        #expect(paths.last?.contains("com.docker.compose.project%3Dshop-blue") == true)
    }

    @Test("Compose is called on a project with the app's own containers", arguments: commands)
    func called(_ command: ComposeCommand) async throws {
        let runner = ScriptedRunner(.success(.printed("")))
        _ = try await withEngine(
            listing: Self.container(#", "teal.app": "shop""#), runner
        ) { engine in _ = try await engine.run(command) }
        #expect(runner.calls.count == 1)
    }

    /// The acts of the engine port that stop, start, change or remove containers.
    static let acts: [String: @Sendable (ComposeEngine, Placement) async throws -> Void] = [
        "stop": { try await $0.stop($1.colour) },
        "stop singletons": { _ = try await $0.stopSingletons(of: $1.colour, and: ["worker"]) },
        "remove a colour": { try await $0.remove($1.colour, .atOnce) },
        "remove a release": { try await $0.remove($1, .atOnce) },
        "keep running": { try await $0.keepRunning($1, .deployed) },
    ]

    @Test("Every act finds its containers by the app's label", arguments: acts.keys.sorted())
    func labelled(_ act: String) async throws {
        let place = Placement(colour: .blue, release: Fixture.release)
        let perform = try #require(Self.acts[act])
        let paths = try await withEngine(listing: "[]", ScriptedRunner()) { engine in
            try await perform(engine, place)
        }
        // The question of the daemon's version comes first.
        let isOfSharedToo = act == "keep running"
        #expect(paths.count == (isOfSharedToo ? 3 : 2))
        #expect(paths.last?.contains("teal.app%3Dshop%22") == true)
        #expect(paths.last?.contains("teal.colour%3Dblue") == true)
    }
}
