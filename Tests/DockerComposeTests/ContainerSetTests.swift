import BlueGreen
import DockerCompose
import DockerEngine
import Testing

struct ContainerSetTests {
    private let addresses = [
        Replica(service: "web", index: 1): "10.1.0.10",
        Replica(service: "web", index: 2): "10.1.0.11",
    ]

    private func green() throws -> JSONValue {
        try Fixture.shopSet().colourModel(.green, addresses: addresses)
    }

    @Test("Each replica is a service of its own with a fixed address and the service's alias")
    func replicas() throws {
        let services = try green()["services"]?.object ?? [:]
        #expect(services.keys.sorted() == ["init", "web-1", "web-2"])
        let second = services["web-2"]?["networks"]?["shop-green"]
        #expect(second?["ipv4_address"] == "10.1.0.11")
        #expect(second?["aliases"] == ["web", "shop_web"])
        let back = services["web-2"]?["networks"]?["shop-green_back"]
        #expect(back?["ipv4_address"] == nil)
        #expect(back?["aliases"] == ["web", "shop-front", "shop_web"])
        #expect(services["web-2"]?["container_name"] == "shop-green-web-2")
        #expect(services["init"]?["container_name"] == "shop-green-init-1")
    }

    @Test("A coloured service joins its colour's networks and the user's external ones, no other")
    func networks() throws {
        let model = try green()
        let own = model["services"]?["web-1"]?["networks"]?.object
        #expect(own?.keys.sorted() == ["proxy", "shop-green", "shop-green_back"])
        #expect(
            model["networks"] == [
                "proxy": ["name": "edge", "external": true],
                "shop-green": ["name": "shop-green", "external": true],
                "shop-green_back": ["name": "shop-green_back", "external": true],
            ])
    }

    @Test("The image is the release's own and is never fetched or built again")
    func image() throws {
        let web = try green()["services"]?["web-1"]
        #expect(web?["image"] == .string("teal/shop/web:\(Fixture.release)"))
        #expect(web?["pull_policy"] == "never")
        for key in ["build", "depends_on", "ports", "scale"] { #expect(web?[key] == nil) }
    }

    @Test("What Teal does not know, and each escaped dollar, goes through untouched")
    func untouched() throws {
        let model = try green()
        let web = model["services"]?["web-1"]
        #expect(web?["environment"]?["TOKEN"] == "a$$b")
        #expect(web?["command"] == ["serve", "$$PORT"])
        #expect(web?["x-team"] == "front")
        #expect(web?["labels"]?["owner"] == "me")
        #expect(model["x-kept"] == 1)
        #expect(model["configs"]?["site"]?["file"] == "/srv/shop/site.conf")
        #expect(model["volumes"] == nil)
    }

    @Test("The labels say whose container it is")
    func labels() throws {
        let labels = try green()["services"]?["web-2"]?["labels"]?.object ?? [:]
        let own = labels.filter { $0.key.hasPrefix("teal.") }.compactMapValues(\.string)
        #expect(
            own == [
                "teal.app": "shop", "teal.colour": "green", "teal.release": Fixture.release.text,
                "teal.service": "web", "teal.replica": "2", "teal.role": "exposed",
                "teal.restart": "default", "teal.grace": "10",
                "teal.weight": "1024",
            ])
    }

    @Test("A container yields the processor while it starts, unless the user gave it a weight")
    func weight() throws {
        let web = try green()["services"]?["web-1"]
        #expect(web?["cpu_shares"] == 256)
        #expect(try Fixture.shopSet().sharedModel()["services"]?["db"]?["cpu_shares"] == nil)
        let set = try ContainerSet(
            project: Fixture.project(["a": ["image": "x", "cpu_shares": 512]]), settings: [:],
            release: Fixture.release)
        let service = set.colourModel(.blue, addresses: [:])["services"]?["a"]
        #expect(service?["cpu_shares"] == 512)
        #expect(service?["labels"]?["teal.weight"] == nil)
    }

    @Test(
        "A shared service is in both networks, keeps its ports, and its policy comes step by step")
    func shared() throws {
        let model = try Fixture.shopSet().sharedModel()
        #expect(model["name"] == "shop-shared")
        let services = model["services"]?.object ?? [:]
        #expect(services.keys.sorted() == ["db"])
        let db = services["db"]
        #expect(db?["networks"]?.object?.keys.sorted() == ["shop-blue", "shop-green"])
        #expect(db?["networks"]?["shop-blue"]?["aliases"] == ["db"])
        #expect(db?["ports"]?.array?.count == 1)
        #expect(db?["restart"] == "on-failure")
        #expect(db?["labels"]?["teal.restart"] == "default")
        #expect(db?["container_name"] == "shop-db-1")
        #expect(db?["labels"]?["teal.grace"] == "90")
        #expect(db?["labels"]?["teal.colour"] == nil)
        #expect(model["volumes"] == ["data": ["name": "shop_data", "external": true]])
    }

    struct Restart: Sendable {
        let model: JSONValue
        let created: String?
        let intended: String
    }

    @Test(
        "A policy that the user wrote holds from the start; else it comes when the service is up",
        arguments: [
            Restart(model: ["image": "x"], created: "no", intended: "default"),
            Restart(
                model: ["image": "x", "restart": "always"], created: "always", intended: "always"),
            Restart(model: ["image": "x", "restart": "no"], created: "no", intended: "no"),
            Restart(
                model: [
                    "image": "x",
                    "deploy": ["restart_policy": ["condition": "on-failure", "max_attempts": 4]],
                ], created: "on-failure:4", intended: "on-failure:4"),
            Restart(
                model: ["image": "x", "deploy": ["restart_policy": ["condition": "any"]]],
                created: "unless-stopped", intended: "unless-stopped"),
        ])
    func restart(_ test: Restart) throws {
        let set = try ContainerSet(
            project: Fixture.project(["a": test.model]), settings: [:], release: Fixture.release)
        let service = set.colourModel(.blue, addresses: [:])["services"]?["a"]
        #expect(service?["restart"]?.string == test.created)
        #expect(service?["deploy"]?["restart_policy"] == nil)
        #expect(service?["labels"]?["teal.restart"]?.string == test.intended)
    }

    @Test("A singleton waits without a restart policy, whatever the user wrote")
    func singletonRestart() throws {
        let set = try ContainerSet(
            project: Fixture.project(["cron": ["image": "x", "restart": "always"]]),
            settings: ["cron": ServiceSettings(role: .singleton)], release: Fixture.release)
        let service = set.colourModel(.blue, addresses: [:])["services"]?["cron"]
        #expect(service?["restart"] == "no")
        #expect(service?["labels"]?["teal.restart"] == "always")
        #expect(service?["labels"]?["teal.role"] == "singleton")
    }

    @Test("teal.yml's stop grace replaces the compose file's")
    func grace() throws {
        let set = try ContainerSet(
            project: Fixture.project(["a": ["image": "x", "stop_grace_period": "5s"]]),
            settings: ["a": ServiceSettings(stopGrace: .milliseconds(2500))],
            release: Fixture.release)
        let service = set.colourModel(.blue, addresses: [:])["services"]?["a"]
        #expect(service?["stop_grace_period"] == "2500ms")
        #expect(service?["labels"]?["teal.grace"] == "3")
    }

    @Test("A service without a network of its own gets none")
    func networkMode() throws {
        let set = try ContainerSet(
            project: Fixture.project(["a": ["image": "x", "network_mode": "none"]]),
            settings: [:], release: Fixture.release)
        let service = set.colourModel(.blue, addresses: [:])["services"]?["a"]
        #expect(service?["network_mode"] == "none")
        #expect(service?["networks"] == nil)
    }

    @Test("The same release gives the same bytes")
    func stable() throws {
        #expect(try green().serialized() == green().serialized())
    }
}
