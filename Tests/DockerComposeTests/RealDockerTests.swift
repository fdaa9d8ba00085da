@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import HostSystem
import Orchestration
import Testing

/// The engine on a real daemon, where fakes would only repeat what we believe of it.
@Suite("With a real Docker", .serialized, .timeLimit(.minutes(20)))
struct RealDockerTests {
    private static let image = "teal/demo-shop:v1"

    private let blue = Placement(colour: .blue, release: Fixture.release(1))
    private let green = Placement(colour: .green, release: Fixture.release(2))

    private func service(_ environment: [String: JSONValue] = [:]) -> JSONValue {
        ["image": .string(Self.image), "environment": .object(environment)]
    }

    @Test("A shared service is replaced only when asked, once, and comes back with an abort")
    func updateShared() async throws {
        try await EngineStage.set("real-shared") { stage in
            let engine = stage.engine()
            let updating = stage.engine { $0.choices.updateShared = ["store"] }
            let roles = ["store": ServiceRole.shared]
            try await stage.deploy(["store": service()], roles: roles, at: blue, by: engine)
            #expect(try await stage.start("store", .shared, at: blue, by: engine) == .started)
            #expect(try await stage.start("store", .shared, at: blue, by: engine) == .ranAlready)
            let first = try #require(try await stage.container("store"))
            #expect(try await engine.sharedNotices(of: blue.release) == [])

            let changed = ["store": service(["A": "b"])]
            try await stage.deploy(changed, roles: roles, at: green, by: engine)
            #expect(try await stage.start("store", .shared, at: green, by: engine) == .ranAlready)
            #expect(
                try await engine.sharedNotices(of: green.release) == [
                    "store runs with another definition than the compose file has now "
                        + "(environment). It is left alone; `teal deploy --update-shared store` "
                        + "replaces it."
                ])
            #expect(try await updating.sharedNotices(of: green.release) == [])

            try await updating.prepare(green, kind: .deploy)
            #expect(try await stage.start("store", .shared, at: green, by: updating) == .started)
            let second = try #require(try await stage.container("store"))
            #expect(second.id != first.id && second.state == "running")
            #expect(
                try await stage.start("store", .shared, at: green, by: updating) == .ranAlready)

            try await engine.remove(green, .atOnce)
            let restored = try #require(try await stage.container("store"))
            #expect(restored.name == first.name && restored.state == "running")
            #expect(restored.labels["teal.definition"] == first.labels["teal.definition"])
            #expect(try await engine.sharedNotices(of: blue.release) == [])
            try await engine.remove(green, .atOnce)
            #expect(try await stage.container("store")?.id == restored.id)
        }
    }

    @Test("An image built anew under its old name is told of and taken when asked")
    func movedImage() async throws {
        try await EngineStage.set("real-moved") { stage in
            let engine = stage.engine()
            let updating = stage.engine { $0.choices.updateShared = ["store"] }
            let roles = ["store": ServiceRole.shared]
            let services: [String: JSONValue] = ["store": ["image": "teal/real-moved/own:1"]]
            _ = try await stage.docker("tag", Self.image, "teal/real-moved/own:1")
            try await stage.deploy(services, roles: roles, at: blue, by: engine)
            _ = try await stage.start("store", .shared, at: blue, by: engine)
            let first = try #require(try await stage.container("store"))

            _ = try await stage.docker("tag", "teal/demo-shop:v2", "teal/real-moved/own:1")
            try await stage.deploy(services, roles: roles, at: green, by: updating)
            #expect(
                try await engine.sharedNotices(of: green.release).first?.contains("(image)")
                    == true)
            #expect(try await stage.start("store", .shared, at: green, by: updating) == .started)
            let second = try await stage.container("store")
            #expect(second?.imageID != first.imageID)
            #expect(try await engine.sharedNotices(of: green.release) == [])

            try await engine.remove(green, .atOnce)
            #expect(try await stage.container("store")?.imageID == first.imageID)
        }
    }

    @Test("A release without the shared service says what to do with its container")
    func droppedShared() async throws {
        try await EngineStage.set("real-dropped") { stage in
            let engine = stage.engine()
            let both = ["store": service(), "web": service()]
            try await stage.deploy(both, roles: ["store": .shared], at: blue, by: engine)
            _ = try await stage.start("store", .shared, at: blue, by: engine)
            try await stage.deploy(["web": service()], roles: [:], at: green, by: engine)
            let notices = try await engine.sharedNotices(of: green.release)
            #expect(notices.first?.contains("`docker rm -f real-dropped-store-1`") == true)
            #expect(try await stage.container("store")?.state == "running")
        }
    }

    @Test("A name that is no shared service's is refused with those that are")
    func unknownShared() async throws {
        try await EngineStage.set("real-unknown") { stage in
            let engine = stage.engine { $0.choices.updateShared = ["web", "nobody", "store"] }
            await #expect(
                throws: ReleaseSourceError.notShared(["nobody", "web"], known: ["store"])
            ) {
                try await stage.record(
                    ["store": service(), "web": service()], roles: ["store": .shared],
                    as: green.release, by: engine)
            }
        }
    }

    @Test("A replacement that is kept is not undone by what comes later")
    func keptReplacement() async throws {
        try await EngineStage.set("real-kept") { stage in
            let updating = stage.engine { $0.choices.updateShared = ["store"] }
            let roles = ["store": ServiceRole.shared]
            try await stage.deploy(["store": service()], roles: roles, at: blue, by: updating)
            _ = try await stage.start("store", .shared, at: blue, by: updating)
            try await stage.deploy(
                ["store": service(["A": "b"])], roles: roles, at: green, by: updating)
            _ = try await stage.start("store", .shared, at: green, by: updating)
            let replaced = try #require(try await stage.container("store"))
            try await updating.discardReleases(except: [blue.release, green.release])
            try await updating.remove(green, .atOnce)
            #expect(try await stage.container("store")?.id == replaced.id)
        }
    }

    @Test("A singleton gets its restart policy while it runs, and loses it before it is stopped")
    func singleton() async throws {
        try await EngineStage.set("real-single") { stage in
            let engine = stage.engine()
            var cron = service(["SHOP_ROLE": "web"])
            cron["restart"] = "always"
            try await stage.deploy(
                ["cron": cron, "web": service()], roles: ["cron": .singleton], at: blue,
                by: engine)
            _ = try await stage.start("web", .internal, at: blue, by: engine)
            try await engine.keepRunning(blue, .deployed)
            #expect(try await stage.policy(stage.container("cron", .blue)) == "no")
            #expect(try await stage.policy(stage.container("web", .blue)) == "unless-stopped")
            #expect(try await stage.weight(stage.container("web", .blue)) == 1024)
            #expect(try await stage.weight(stage.container("cron", .blue)) == 256)

            _ = try await stage.start("cron", .singleton, at: blue, by: engine)
            try await engine.keepRunning(blue, .deployed)
            #expect(try await stage.policy(stage.container("cron", .blue)) == "always")

            _ = try await engine.stopSingletons(of: .blue, and: ["web"])
            let stopped = try await stage.container("cron", .blue)
            #expect(stopped?.state == "exited")
            #expect(try await stage.policy(stopped) == "no")
            #expect(try await stage.container("web", .blue)?.state == "exited")
            #expect(try await stage.policy(stage.container("web", .blue)) == "no")
            _ = try await engine.stopSingletons(of: .green, and: ["web"])
        }
    }

    @Test("A set that was stopped and runs again has the restart policy of its file")
    func policyAfterStop() async throws {
        try await EngineStage.set("real-again") { stage in
            let engine = stage.engine()
            var web = service()
            web["restart"] = "always"
            try await stage.deploy(["web": web], roles: [:], at: blue, by: engine)
            _ = try await stage.start("web", .internal, at: blue, by: engine)
            try await engine.keepRunning(blue, .deployed)
            try await engine.stop(.blue)
            #expect(try await stage.policy(stage.container("web", .blue)) == "unless-stopped")

            _ = try await stage.start("web", .internal, at: blue, by: engine)
            try await engine.keepRunning(blue, .deployed)
            #expect(try await stage.policy(stage.container("web", .blue)) == "always")
        }
    }

    @Test("A service that changes between shared and coloured is refused with the command to run")
    func roleChange() async throws {
        try await EngineStage.set("real-roles") { stage in
            let engine = stage.engine()
            let services = ["a": service(), "b": service()]
            try await stage.deploy(services, roles: ["a": .shared], at: blue, by: engine)
            _ = try await stage.start("a", .shared, at: blue, by: engine)
            _ = try await stage.start("b", .internal, at: blue, by: engine)
            try await stage.record(services, roles: ["b": .shared], as: green.release, by: engine)
            let error = await #expect(throws: DockerError.self) {
                try await engine.prepare(green, kind: .deploy)
            }
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains("docker rm -f real-roles-a-1"))
            #expect(text.contains("docker rm -f real-roles-blue-b-1"))
            #expect(try await stage.api.imageNames(matching: "teal/real-roles/b").count == 1)
        }
    }

    @Test("A creation that fails half-way leaves no container once it is cleaned up")
    func halfCreated() async throws {
        try await EngineStage.set("real-half") { stage in
            let engine = stage.engine()
            var bad = service()
            bad["volumes"] = [["type": "volume", "source": "o", "target": "relative"]]
            let services = ["a": bad, "b": service(), "c": service()]
            try await stage.record(services, roles: ["a": .singleton], as: blue.release, by: engine)
            await #expect(throws: DockerError.self) {
                try await engine.prepare(blue, kind: .deploy)
            }
            try await engine.remove(blue, .atOnce)
            #expect(try await stage.container("b", .blue) == nil)
            #expect(try await stage.container("c", .blue) == nil)
        }
    }

    @Test("A disk without room is refused before the pull; images that are there need none")
    func diskReserve() async throws {
        try await EngineStage.set("real-disk") { stage in
            let greedy = stage.engine { $0.diskReserve = .mebibytes(1 << 40) }
            try await stage.deploy(["web": service()], roles: [:], at: blue, by: greedy)
            try await stage.record(
                ["web": service(), "far": ["image": "127.0.0.1:1/nobody/has:1"]], roles: [:],
                as: green.release, by: greedy)
            let error = await #expect(throws: DockerError.self) {
                try await greedy.prepare(green, kind: .deploy)
            }
            guard case .diskFull(let shortage) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(shortage.service == "far" && shortage.moment == .before)
            let names = try await stage.api.imageNames(matching: "teal/real-disk/*")
            #expect(names == ["teal/real-disk/web:\(blue.release)"])
        }
    }

    @Test("What no release needs is listed and removed, and what a rollback needs stays")
    func clutter() async throws {
        try await EngineStage.set("real-clutter") { stage in
            let engine = stage.engine()
            let old = Fixture.release(3)
            let kept = Fixture.release(4)
            for release in [old, kept] {
                try await stage.record(["web": service()], roles: [:], as: release, by: engine)
                _ = try await stage.docker(
                    "tag", Self.image, "teal/real-clutter/web:\(release)")
            }
            try await stage.deploy(["web": service()], roles: [:], at: blue, by: engine)
            let found = try await engine.clutter(keeping: [kept])
            #expect(found.map(\.kind) == [.releaseFolder, .imageTag])
            #expect(found.map(\.release) == [old, old])
            #expect(found.first?.size ?? .zero > .zero)
            // Its image has other names.
            #expect(found.last?.size == .zero)
            #expect(try await engine.remove(found) == found.first?.size)
            #expect(try await engine.clutter(keeping: [kept]) == [])
            // The container's own release is safe from whoever forgets it.
            #expect(try await engine.clutter(keeping: []).map(\.release) == [kept, kept])
            let names = try await stage.api.imageNames(matching: "teal/real-clutter/web")
            #expect(Set(names.compactMap { ImageName($0).tag }) == [kept.text, blue.release.text])
        }
    }

    @Test(
        "A stranger who comes into the project after the preflight is neither replaced nor started")
    func lateStranger() async throws {
        try await EngineStage.set("real-late") { stage in
            let engine = stage.engine()
            try await stage.record(["web": service()], roles: [:], as: blue.release, by: engine)
            #expect(try await engine.obstacles(to: blue, .deploy) == [])
            _ = try await stage.docker(
                "create", "--name", "late-stranger", "--label",
                "com.docker.compose.project=real-late-blue", "--label",
                "com.docker.compose.service=web", "--label", "com.docker.compose.oneoff=False",
                "--label", "com.docker.compose.config-hash=0", Self.image)
            func strangers() async throws -> [ListedContainer] {
                try await stage.api.containers(labels: [
                    "com.docker.compose.project=real-late-blue"
                ])
            }
            let before = try await strangers()
            await #expect(
                throws: DockerError.strangers(
                    ["late-stranger"], project: "real-late-blue", app: "real-late")
            ) { try await engine.prepare(blue, kind: .deploy) }
            // Even one who comes between the guard and Compose.
            let command = ComposeCommand.create(
                project: "real-late-blue",
                file: engine.folder(of: blue.release).colourFile(.blue))
            let tool = try await engine.settings.tool()
            _ = try await engine.settings.runner.run(tool.command(command))
            #expect(try await strangers().map(\.id) == before.map(\.id))
            #expect(try await strangers().map(\.state) == ["created"])
            _ = try await stage.docker("rm", "late-stranger")
            try await engine.prepare(blue, kind: .deploy)
            #expect(try await stage.container("web", .blue) != nil)
        }
    }

    @Test("A release is stopped by its own containers, and another one in its colour runs on")
    func stopsOwnAlone() async throws {
        try await EngineStage.set("real-own") { stage in
            let engine = stage.engine()
            try await stage.deploy(["web": service()], roles: [:], at: blue, by: engine)
            _ = try await stage.start("web", .internal, at: blue, by: engine)
            try await engine.stop(Placement(colour: .blue, release: green.release))
            #expect(try await stage.container("web", .blue)?.state == "running")
            try await engine.stop(blue)
            #expect(try await stage.container("web", .blue)?.state == "exited")
        }
    }

    @Test("A container that somebody has paused goes on where it is to start")
    func unpaused() async throws {
        try await EngineStage.set("real-paused") { stage in
            let engine = stage.engine()
            try await stage.deploy(["web": service()], roles: [:], at: blue, by: engine)
            _ = try await stage.start("web", .internal, at: blue, by: engine)
            #expect(try await stage.docker("pause", "real-paused-blue-web-1").succeeded)
            #expect(try await stage.start("web", .internal, at: blue, by: engine) == .started)
            #expect(try await stage.container("web", .blue)?.state == "running")
        }
    }

    @Test("A record that cannot be written keeps nobody from a way back, unless it is needed")
    func unwritableRecord() async throws {
        try await EngineStage.set("real-full") { stage in
            let engine = stage.engine()
            let services = ["store": service(), "web": service()]
            for place in [blue, green] {
                try await stage.deploy(
                    services, roles: ["store": .shared], at: place, by: engine)
            }
            _ = try await stage.start("store", .shared, at: green, by: engine)
            let shared = SharedModel(in: engine.settings.stateDirectory)
            let before = try FileSystem().readBytes(shared.file)
            // A file cannot be written beside.
            try FileSystem().makeFolder("\(shared.folder)/.shared.json.new", access: .ownerOnly)
            try await engine.prepare(blue, kind: .coldRollback)
            #expect(try FileSystem().readBytes(shared.file) == before)
            _ = try await stage.docker("rm", "--force", "real-full-store-1")
            await #expect(throws: HostError.self) {
                try await engine.prepare(blue, kind: .coldRollback)
            }
        }
    }

    @Test("nginx's container leaves the networks of an app that goes; another guest is refused")
    func guests() async throws {
        try await EngineStage.set("real-guests") { stage in
            let engine = stage.engine { $0.nginxContainer = "real-guests-edge" }
            try await stage.deploy(["web": service()], roles: [:], at: blue, by: engine)
            for name in ["real-guests-edge", "real-guests-mine"] {
                _ = try await stage.docker("create", "--name", name, "teal/demo-shop:v1")
                for colour in Colour.allCases {
                    _ = try await stage.docker(
                        "network", "connect", "real-guests-\(colour)", name)
                }
            }
            let mine = ["real-guests-mine"]
            await #expect(
                throws: DockerError.networksInUse([
                    "real-guests-blue": mine, "real-guests-green": mine,
                ])
            ) {
                try await engine.checkTakeDown()
            }
            _ = try await stage.docker("rm", "--force", mine[0])
            try await engine.checkTakeDown()
            _ = try await engine.takeDown()
            let left = try await stage.api.networks().map(\.name)
                .filter { $0.hasPrefix("real-guests-") }
            #expect(left.isEmpty)
            #expect(try await stage.docker("rm", "--force", "real-guests-edge").succeeded)
        }
    }

    @Test("A container that lost its network is brought back into it by its own name")
    func reconnected() async throws {
        try await EngineStage.set("real-lost") { stage in
            let engine = stage.engine()
            let services = ["store": service(), "web": service()]
            try await stage.deploy(services, roles: ["store": .shared], at: blue, by: engine)
            _ = try await stage.start("store", .shared, at: blue, by: engine)
            #expect(try await engine.disturbances(of: blue) == [])
            _ = try await stage.docker(
                "network", "disconnect", "real-lost-green", "real-lost-store-1")
            #expect(
                try await engine.disturbances(of: blue) == [
                    .offNetwork(container: "real-lost-store-1", network: "real-lost-green")
                ])
            #expect(try await engine.reconnect().count == 1)
            #expect(try await engine.reconnect() == [])
            #expect(try await engine.disturbances(of: blue) == [])

            // A network that was removed and is made anew by the next deploy.
            _ = try await stage.docker(
                "network", "disconnect", "real-lost-green", "real-lost-store-1")
            _ = try await stage.docker("network", "rm", "real-lost-green")
            try await stage.deploy(services, roles: ["store": .shared], at: green, by: engine)
            #expect(try await engine.reconnect() == [])
            #expect(
                try await stage.container("store")?.address(on: "real-lost-green") != nil)
        }
    }
}
