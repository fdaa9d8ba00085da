@testable import DockerEngine
import BlueGreen
import FoundationEssentials
import Testing

@testable import DockerCompose

@Suite("A17: Hooks of the compose file")
struct LifecycleModelTests {
    private static let hooks: [String: JSONValue] = [
        "post_start": [
            [
                "command": ["sh", "-c", "echo $$HOME"], "user": "root", "privileged": true,
                "working_dir": "/srv", "environment": ["A": "b$$c", "N": 7, "EMPTY": .null],
            ],
            ["command": ["second"], "privileged": "true"],
        ],
        "pre_stop": [["command": ["bye"]]],
        "pre_start": [
            [
                "command": ["migrate"], "entrypoint": .null, "image": "shop/web:latest",
                "user": "root", "environment": ["TOKEN": "own"],
                "networks": ["default": .null],
                "volumes": [["type": "volume", "source": "data", "target": "/data"]],
            ],
            ["command": ["check"], "image": "other:2", "per_replica": true],
        ],
    ]

    private func set(_ role: ServiceRole? = nil) throws -> ContainerSet {
        var model = Fixture.shop
        for (key, value) in Self.hooks {
            model["services"]?["web"]?[key] = value
            model["services"]?["db"]?[key] = value
        }
        model["services"]?["web"]?["volumes"] = [
            ["type": "bind", "source": "/srv/a.conf", "target": "/a.conf", "read_only": true]
        ]
        return try ContainerSet(
            project: ComposeProject(app: "shop", model: model), settings: Fixture.shopSettings,
            release: Fixture.release)
    }

    /// As Compose hands a value of a model on: `$$` is a dollar.
    private func label(_ name: String, of model: JSONValue?) throws -> String {
        try #require(model?["labels"]?[name]?.string).replacing("$$", with: "$")
    }

    @Test("No model has the keys, so that no Compose runs a hook a second time")
    func keys() throws {
        let set = try set()
        for model in [set.colourModel(.green, addresses: [:]), set.sharedModel()] {
            for (_, service) in model["services"]?.object ?? [:] {
                for key in ["post_start", "pre_stop", "pre_start"] { #expect(service[key] == nil) }
            }
        }
    }

    @Test("Each container bears its hooks, whatever its role, with the dollars of their day")
    func labels() throws {
        let set = try set()
        let coloured = set.colourModel(.green, addresses: [:])["services"]
        let shared = set.sharedModel()["services"]?["db"]
        for model in [coloured?["web-1"], coloured?["web-2"], shared] {
            let labels = [
                "teal.post_start": try label("teal.post_start", of: model),
                "teal.pre_stop": try label("teal.pre_stop", of: model),
            ]
            let started = LifecycleHook.all(at: .postStart, in: labels)
            #expect(started.map(\.words) == [["sh", "-c", "echo $HOME"], ["second"]])
            #expect(started[0].user == "root")
            #expect(started.map(\.isPrivileged) == [true, true])
            #expect(started.map(\.workingDirectory) == ["/srv", nil])
            #expect(started[0].environment == ["A": "b$c", "N": "7"])
            let stopped = LifecycleHook.all(at: .preStop, in: labels)
            #expect(stopped.map(\.words) == [["bye"]])
        }
        #expect(coloured?["init"]?["labels"]?["teal.post_start"] == nil)
    }

    @Test(
        "Labels by another hand are no hooks",
        arguments: ["", "x", "{}", "[{}]", "[{\"command\": []}]", "[{\"command\": [3]}]"])
    func foreign(_ text: String) {
        #expect(LifecycleHook.all(at: .preStop, in: ["teal.pre_stop": text]) == [])
        #expect(LifecycleHook.all(at: .preStop, in: [:]) == [])
    }

    @Test("A step before the start has of its service what it does not say itself")
    func preStart() throws {
        let set = try set()
        let service = try #require(set.services.first { $0.name == "web" })
        let steps = ComposeService(name: "web", model: set.model(of: service)).preStart
        let document = set.preStartModel(
            steps[0], of: service, .green, beside: "shop-green-web-1",
            variables: ["TEAL_HOOK_RUN": "m"])
        let model = try #require(document["services"]?["web"])
        #expect(document["name"] == "shop-green-hook")
        #expect(model["image"] == .string("teal/shop/web:\(Fixture.release)"))
        #expect(model["command"] == ["migrate"])
        #expect(model["user"] == "root")
        #expect(model["environment"]?["TOKEN"] == "own")
        #expect(model["environment"]?["TEAL_HOOK_RUN"] == "m")
        #expect(
            model["networks"]?.object?.keys.sorted()
                == ["proxy", "shop-green", "shop-green_back"])
        let targets = model["volumes"]?.array?.compactMap { $0["target"]?.string }
        #expect(targets == ["/a.conf", "/data"])
        #expect(document["volumes"]?["data"]?["name"] == "shop_data")
        #expect(model["volumes_from"] == ["container:shop-green-web-1"])
        #expect(model["restart"] == "no")
        for key in ["ports", "container_name", "per_replica", "healthcheck", "depends_on"] {
            #expect(model[key] == nil)
        }
        #expect(model["labels"]?["teal.hook"] == "web")

        let other = set.preStartModel(steps[1], of: service, .green, beside: nil, variables: [:])
        #expect(other["services"]?["web"]?["image"] == "other:2")
        #expect(other["services"]?["web"]?["pull_policy"] == "missing")
        #expect(other["services"]?["web"]?["volumes_from"] == nil)
    }
}
