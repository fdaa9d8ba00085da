@testable import DockerEngine
import BlueGreen
import FoundationEssentials
import Orchestration
import Testing

@testable import DockerCompose

@Suite("Things that Teal did not make")
struct StrangersTests {
    private static let own = ["teal.app": "shop"]

    private static func compose(_ project: String, _ service: String = "web") -> [String: String] {
        ["com.docker.compose.project": project, "com.docker.compose.service": service]
    }

    private func obstacles(
        _ containers: [ListedContainer], networks: [String: [String: String]] = [:],
        volumes: [ListedVolume] = []
    ) throws -> [String] {
        let strangers = Strangers(
            app: "shop", containers: containers, networks: try networks.map(Self.network),
            volumes: volumes)
        return strangers.obstacles(to: try Fixture.shopSet()).map(\.description)
    }

    private static func network(_ name: String, _ labels: [String: String]) throws
        -> InspectedNetwork
    {
        let value: JSONValue = [
            "Id": "n", "Name": .string(name), "IPAM": [:],
            "Labels": .object(labels.mapValues(JSONValue.string)),
        ]
        return try JSONDecoder().decode(
            InspectedNetwork.self, from: Data(try value.serialized().utf8))
    }

    @Test(
        "A1: a container in a compose project of Teal's is named with the line to run",
        arguments: [
            "shop-blue", "shop-green", "shop-blue-hook", "shop-green-hook", "shop-shared",
        ])
    func projects(_ project: String) throws {
        let found = try obstacles([.sample("theirs", labels: Self.compose(project, "any"))])
        #expect(found.count == 1)
        #expect(found.first?.contains("theirs is in the compose project \(project)") == true)
        #expect(found.first?.contains("`docker stop theirs && docker rm theirs`") == true)
        let stopped = try obstacles([
            .sample("theirs", labels: Self.compose(project, "any"), state: "exited")
        ])
        #expect(stopped.first?.contains("Remove it: `docker rm theirs`") == true)
    }

    @Test("A1: the app's own containers, and those of other projects, are in nobody's way")
    func harmless() throws {
        let own = Self.own.merging(Self.compose("shop-blue")) { first, _ in first }
        let found = try obstacles([
            .sample("shop-blue-web-1", labels: own), .sample("a", labels: Self.compose("shopping")),
            .sample("edge", labels: Self.compose("shop", "nginx")), .sample("b"),
        ])
        #expect(found == [])
    }

    @Test("A1: another app's label is a stranger's")
    func otherApp() throws {
        let labels = Self.compose("shop-blue").merging(["teal.app": "other"]) { first, _ in first }
        #expect(try obstacles([.sample("theirs", labels: labels)]).count == 1)
    }

    @Test("A1: the same services without Teal are taken down together")
    func withoutTeal() throws {
        let found = try obstacles([
            .sample("shop-web-1", labels: Self.compose("shop", "web")),
            .sample("shop-db-1", labels: Self.compose("shop", "db")),
        ])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("shop-db-1, shop-web-1 of the compose project shop") == true)
        #expect(found.first?.contains("`docker compose --project-name shop down`") == true)
    }

    @Test(
        "A1: a name that a container of the app needs is told before it is needed",
        arguments: ["shop-blue-web-1", "shop-green-web-2", "shop-db-1"])
    func names(_ name: String) throws {
        let found = try obstacles([.sample(name)])
        #expect(found.count == 1)
        #expect(found.first?.contains("The name \(name)") == true)
        #expect(found.first?.contains("docker rm \(name)") == true)
    }

    @Test("A1: a network of an app's name that Teal did not make is refused")
    func networks() throws {
        let found = try obstacles(
            [], networks: ["shop-blue": [:], "shop-green": ["teal.app": "shop"], "edge": [:]])
        #expect(found.count == 1)
        #expect(found.first?.contains("docker network rm shop-blue") == true)
    }

    @Test(
        "A1: a volume of the app's name is refused where another project or app has made it",
        arguments: [
            (["com.docker.compose.project": "other"], 1), (["teal.app": "other"], 1),
            (["com.docker.compose.project": "shop"], 0), (["teal.app": "shop"], 0), ([:], 0),
        ] as [([String: String], Int)])
    func volumes(_ labels: [String: String], _ count: Int) throws {
        let found = try obstacles([], volumes: [.sample("shop_data", labels: labels)])
        #expect(found.count == count)
        #expect(found.allSatisfy { $0.contains("shop_data") && $0.contains("external: true") })
    }

    @Test("A volume that the compose file names itself is its owner's choice")
    func namedVolume() throws {
        var model = Fixture.shop
        model["volumes"]?["data"]?["name"] = "records"
        let set = try ContainerSet(
            project: ComposeProject(app: "shop", model: model), settings: Fixture.shopSettings,
            release: Fixture.release)
        let strangers = Strangers(
            app: "shop", containers: [],
            volumes: [.sample("records", labels: ["com.docker.compose.project": "other"])])
        #expect(strangers.obstacles(to: set) == [])
    }

    @Test("A16: Compose in the user's own project knows nothing of the shared services")
    func sharedProject() throws {
        let model = try Fixture.shopSet().sharedModel()
        #expect(model["name"] == "shop-shared")
        // Its name is the one that Compose wants in project `shop`, and there is only one of it.
        #expect(model["services"]?["db"]?["container_name"] == "shop-db-1")
        #expect(model["volumes"]?["data"]?["name"] == "shop_data")
    }

    @Test(
        "Every call of Compose that may replace a container is guarded, also a person's",
        arguments: [
            (["create"], true), (["up", "-d"], true), (["run", "web"], true), (["rm"], true),
            (["down"], true), (["start"], true), (["--profile", "x", "up"], true),
            (["logs", "web"], false), (["ps"], false), (["config"], false), (["pull"], false),
            (["build", "web"], false), ([], false),
        ] as [([String], Bool)])
    func guarded(_ verbs: [String], _ isGuarded: Bool) {
        #expect(
            ComposeCommand(project: "shop-blue", files: [], verbs: verbs).touchesContainers
                == isGuarded)
    }

    @Test("Compose is told to replace no container of a colour")
    func neverRecreated() {
        #expect(
            ComposeCommand.create(project: "shop-blue", file: "/f").verbs.contains("--no-recreate"))
    }
}
