@testable import DockerEngine
import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerCompose

@Suite("Data, names and endings on a real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealDataTests {
    private static let image = "teal/demo-shop:v1"
    private let blue = Placement(colour: .blue, release: Fixture.release(1))
    private let green = Placement(colour: .green, release: Fixture.release(2))

    /// The demo's image with a place of its own for data.
    private func makeImage(_ stage: EngineStage, _ name: String) async throws {
        let folder = "\(stage.folder)/image"
        try FileSystem().makeFolder(folder, access: .ownerOnly)
        try AtomicFile.write(
            "FROM \(Self.image)\nVOLUME /keep\n", to: "\(folder)/Dockerfile", access: .ownerOnly)
        let result = try await stage.docker("build", "--quiet", "--tag", name, folder)
        #expect(result.succeeded, "\(result.complaint)")
    }

    @Test("B0: an image's own data per colour is refused by check and by the deploy")
    func declaredVolume() async throws {
        let place = blue
        try await EngineStage.set("real-data") { stage in
            let name = "teal-test-real-data:1"
            try await makeImage(stage, name)
            let engine = stage.engine()
            let services: [String: JSONValue] = ["redis": ["image": .string(name)]]
            let draft = try stage.draft(services, ["redis": ServiceSettings()], engine)
            let told = try await draft.obstacles().map(\.description)
            #expect(told.count == 1)
            #expect(told.first?.contains("keeps data at /keep") == true)
            #expect(try await draft.imageNotices() == [])

            await #expect(throws: DockerError.self) {
                try await stage.deploy(services, roles: [:], at: place, by: engine)
            }
            #expect(try await stage.container("redis", .blue) == nil)

            for own in [ServiceSettings(role: .shared), ServiceSettings(volumes: .fresh)] {
                let draft = try stage.draft(services, ["redis": own], engine)
                #expect(try await draft.obstacles().isEmpty)
            }
            let absent = try stage.draft(
                ["redis": ["image": "teal-test-absent:1"]], [:], engine)
            #expect(try await absent.obstacles().isEmpty)
            #expect(
                try await absent.imageNotices().first?.hasPrefix("The image of redis is not")
                    == true)
            _ = try await stage.docker("image", "rm", name)
        }
    }

    @Test("Data of a shared service in a volume without a name outlives the app, and is told")
    func unnamedVolume() async throws {
        let (first, second) = (blue, green)
        try await EngineStage.set("real-unnamed") { stage in
            let name = "teal-test-real-unnamed:1"
            try await makeImage(stage, name)
            let told = Told()
            let engine = stage.engine { $0.reporter = told }
            let services: [String: JSONValue] = ["db": ["image": .string(name)]]
            let roles: [String: ServiceRole] = ["db": .shared]
            let draft = try stage.draft(services, ["db": ServiceSettings(role: .shared)], engine)
            let warning = "db keeps its data at /keep in a volume without a name"
            #expect(try await draft.imageNotices().contains { $0.hasPrefix(warning) })
            try await stage.deploy(services, roles: roles, at: first, by: engine)
            #expect(told.all.contains { $0.contains(warning) })
            _ = try await stage.start("db", .shared, at: first, by: engine)
            let before = try #require(try await stage.container("db")).unnamedVolumes

            // Compose gives it to the new container by its name.
            let updating = stage.engine { $0.choices.updateShared = ["db"] }
            try await stage.deploy(services, roles: roles, at: second, by: updating)
            _ = try await stage.start("db", .shared, at: second, by: updating)
            #expect(try #require(try await stage.container("db")).unnamedVolumes == before)

            let left = try await engine.takeDown()
            #expect(left == before && left.map(\.target) == ["/keep"])
            let id = try #require(left.first?.id)
            #expect(try await stage.docker("volume", "inspect", id).succeeded)
            try await engine.removeVolumes(left)
            #expect(try await !stage.docker("volume", "inspect", id).succeeded)
            _ = try await stage.docker("image", "rm", name)
        }
    }

    @Test("B5: what ended with 0 stays ended, coloured and shared")
    func endings() async throws {
        let (first, second) = (blue, green)
        try await EngineStage.set("real-endings") { stage in
            let engine = stage.engine()
            let help: JSONValue = [
                "image": .string(Self.image), "entrypoint": ["/shop", "--help"],
            ]
            let services = ["job": help, "setup": help, "web": ["image": .string(Self.image)]]
            let roles: [String: ServiceRole] = ["setup": .shared]
            try await stage.deploy(services, roles: roles, at: first, by: engine)
            for (name, role) in [
                ("setup", ServiceRole.shared), ("job", .internal), ("web", .internal),
            ] {
                _ = try await stage.start(name, role, at: first, by: engine)
            }
            for (name, colour) in [("setup", nil), ("job", Colour.blue)] {
                try await stage.until { try await stage.container(name, colour)?.state == "exited" }
            }
            for endurance in [Endurance.started, .deployed] {
                try await engine.keepRunning(first, endurance)
            }
            for (name, colour) in [("setup", nil), ("job", Colour.blue)] {
                let container = try #require(try await stage.container(name, colour))
                #expect(container.state == "exited", "\(name)")
                let inspected = try #require(try await stage.api.inspectContainer(container.id))
                #expect(inspected.restartCount == 0)
                #expect(inspected.hostConfig.restartPolicy?.name != "unless-stopped")
            }
            #expect(try await stage.policy(stage.container("web", .blue)) == "unless-stopped")

            try await stage.deploy(services, roles: roles, at: second, by: engine)
            let again = try await stage.start("setup", .shared, at: second, by: engine)
            // The image has a port, so it may be a server that somebody stopped.
            #expect(again == .started)
        }
    }

    @Test("B5: a shared server keeps coming back, also after it was stopped by hand")
    func sharedServer() async throws {
        let (first, second) = (blue, green)
        try await EngineStage.set("real-server") { stage in
            let engine = stage.engine()
            let server: JSONValue = ["image": .string(Self.image), "expose": ["8080"]]
            try await stage.deploy(["db": server], roles: ["db": .shared], at: first, by: engine)
            _ = try await stage.start("db", .shared, at: first, by: engine)
            #expect(try await stage.policy(stage.container("db")) == "unless-stopped")
            #expect(try await engine.staleShared(beside: first.release) == [])

            let draft = try stage.draft(
                ["db": server], ["db": ServiceSettings(role: .shared)], engine)
            let running = try await draft.forecast(at: second, beside: first, with: [])
            #expect(running.shared == [:])
            _ = try await stage.docker("stop", "real-server-db-1")
            // A plan says what the deploy below does: it starts it.
            let stopped = try await draft.forecast(at: second, beside: first, with: [])
            #expect(stopped.shared == ["db": ""])
            let other: JSONValue = ["image": "teal/demo-shop:v2", "expose": ["8080"]]
            try await stage.deploy(["db": other], roles: ["db": .shared], at: second, by: engine)
            let again = try await stage.start("db", .shared, at: second, by: engine)
            #expect(again == .started)
            #expect(
                try await engine.staleShared(beside: second.release)
                    == [StaleShared("db", .otherImage)])
        }
    }

    @Test("A shared service that could never be started is made anew by the next release")
    func neverRun() async throws {
        let (first, second) = (blue, green)
        try await EngineStage.set("real-neverrun") { stage in
            let engine = stage.engine()
            let broken: JSONValue = ["image": .string(Self.image), "entrypoint": ["/nowhere"]]
            try await stage.deploy(["db": broken], roles: ["db": .shared], at: first, by: engine)
            await #expect(throws: DockerError.self) {
                try await stage.start("db", .shared, at: first, by: engine)
            }
            #expect(try await stage.container("db")?.state == "created")
            let mended: JSONValue = ["image": .string(Self.image), "expose": ["8080"]]
            try await stage.deploy(["db": mended], roles: ["db": .shared], at: second, by: engine)
            #expect(try await stage.start("db", .shared, at: second, by: engine) == .started)
            #expect(try await stage.container("db")?.state == "running")
            #expect(try await engine.staleShared(beside: second.release) == [])
        }
    }

    @Test("B5: shared work that was taken for a server ends, and counts as ended well")
    func longWork() async throws {
        let (first, second) = (blue, green)
        try await EngineStage.set("real-longwork") { stage in
            let engine = stage.engine()
            let services: [String: JSONValue] = [
                "setup": ["image": .string(Self.image), "entrypoint": ["/shop", "--help"]]
            ]
            try await stage.deploy(services, roles: ["setup": .shared], at: first, by: engine)
            _ = try await stage.start("setup", .shared, at: first, by: engine)
            let container = try #require(try await stage.container("setup"))
            _ = try await stage.docker("update", "--restart=unless-stopped", container.id)
            _ = try await stage.docker("start", container.id)
            let restarts = { try await stage.api.inspectContainer(container.id)?.restartCount ?? 0 }
            try await stage.until { try await restarts() >= 3 }
            #expect(try await restarts() >= 3)
            try await stage.deploy(services, roles: ["setup": .shared], at: second, by: engine)
            _ = try await stage.start("setup", .shared, at: second, by: engine)
            #expect(try await stage.policy(container) == "no")
            let seen = try await engine.containers().first
            #expect(seen?.restarts == 0)
        }
    }

    @Test("B14, B15, B17: aliases resolve in the colour's network, and volumes keep their labels")
    func names() async throws {
        let place = blue
        try await EngineStage.set("real-names") { stage in
            let engine = stage.engine()
            let model: JSONValue = [
                "name": .string(stage.app),
                "services": [
                    "app": [
                        "image": .string(Self.image), "container_name": "shop-api",
                        "volumes": [["type": "volume", "source": "d", "target": "/d"]],
                    ],
                    "edge": ["image": .string(Self.image), "links": ["app:backend"]],
                ],
                "volumes": ["d": ["labels": ["keep": "yes"]]],
            ]
            let draft = try ComposeDraft(
                engine, ComposeProject(app: stage.app, model: model),
                ["app": ServiceSettings(volumes: .shared)], [:])
            _ = try await draft.record(as: place.release)
            try await engine.prepare(place, kind: .deploy)
            for name in ["app", "edge"] {
                _ = try await stage.start(name, .internal, at: place, by: engine)
            }
            let aliases = try await stage.docker(
                "inspect", "--format", "{{json .NetworkSettings.Networks}}",
                "\(stage.app)-blue-app-1"
            ).standardOutput
            #expect(aliases.contains("\"backend\"") && aliases.contains("\"shop-api\""))
            let labels = try await stage.docker(
                "volume", "inspect", "--format", "{{json .Labels}}", "\(stage.app)_d"
            ).standardOutput
            #expect(labels.contains("\"keep\":\"yes\"") && labels.contains("teal.app"))
        }
    }
}

extension EngineStage {
    func draft(
        _ services: [String: JSONValue], _ settings: [String: ServiceSettings],
        _ engine: ComposeEngine
    ) throws -> ComposeDraft {
        let project = ComposeProject(
            app: app, model: ["name": .string(app), "services": .object(services)])
        return try ComposeDraft(engine, project, settings, [:])
    }
}
