@testable import DockerEngine
import BlueGreen
import Orchestration
import Testing

@testable import DockerCompose

@Suite("B11: the networks of the compose file")
struct NetworkModelTests {
    /// `web` is exposed, `db` shared, `lone` in a network of its own.
    private func project(
        _ networks: [String: JSONValue], _ change: (inout JSONValue) -> Void = { _ in }
    ) -> ComposeProject {
        var model: JSONValue = [
            "name": "shop",
            "services": [
                "web": ["image": "x", "networks": ["front": .null, "inner": ["aliases": ["w"]]]],
                "db": ["image": "x", "networks": ["inner": .null]],
                "lone": ["image": "x", "networks": ["alone": .null]],
            ],
            "networks": .object(networks),
        ]
        change(&model)
        return ComposeProject(app: "shop", model: model)
    }

    private static let three: [String: JSONValue] = [
        "front": [:], "inner": ["internal": true, "ipam": [:]], "alone": [:], "unused": [:],
    ]

    private let settings: [String: ServiceSettings] = [
        "web": ServiceSettings(port: 8080), "db": ServiceSettings(role: .shared),
    ]

    private func set(_ project: ComposeProject) throws -> ContainerSet {
        try ContainerSet(project: project, settings: settings, release: Fixture.release)
    }

    @Test("A service is in its own networks alone; an exposed one also where nginx reaches it")
    func membership() throws {
        let set = try set(project(Self.three))
        let address = [Replica(service: "web", index: 1): "10.0.0.10"]
        let blue = set.colourModel(.blue, addresses: address)["services"]
        #expect(
            blue?["web"]?["networks"] == [
                "shop-blue": ["ipv4_address": "10.0.0.10"],
                "shop-blue_front": ["aliases": ["web"]],
                "shop-blue_inner": ["aliases": ["web", "w"]],
            ])
        #expect(blue?["lone"]?["networks"]?.object?.keys.sorted() == ["shop-blue_alone"])
        let shared = set.sharedModel()
        #expect(
            shared["services"]?["db"]?["networks"]?.object?.keys.sorted()
                == ["shop-blue_inner", "shop-green_inner"])
        #expect(
            shared["networks"]?.object?.keys.sorted() == ["shop-blue_inner", "shop-green_inner"])
        #expect(set.networkNames.count == 8)
    }

    @Test("With the default network alone nothing more is made than the two of the colours")
    func defaultOnly() throws {
        let plain = Fixture.project(["a": ["image": "x"], "b": ["image": "x"]])
        #expect(plain.namedNetworks.isEmpty)
        let set = try ContainerSet(project: plain, settings: [:], release: Fixture.release)
        #expect(set.networkNames == ["shop-blue", "shop-green"])
        var model = plain.model
        model["networks"] = ["default": ["name": "shop_default", "ipam": [:]]]
        #expect(ComposeProject(app: "shop", model: model).namedNetworks.isEmpty)
        model["networks"]?["default"]?["internal"] = true
        let closed = ComposeProject(app: "shop", model: model).namedNetworks
        #expect(closed.map { $0.name(of: "shop", .blue) } == ["shop-blue_default"])
    }

    @Test("A network keeps its properties, but for those that cannot exist twice")
    func properties() throws {
        let networks: [String: JSONValue] = [
            "inner": [
                "internal": true, "attachable": true, "enable_ipv6": true, "driver": "bridge",
                "driver_opts": [
                    "com.docker.network.bridge.name": "br-lan",
                    "com.docker.network.driver.mtu": "1400",
                ],
                "ipam": ["config": [["subnet": "10.77.0.0/24"]]], "labels": ["team": "front"],
            ]
        ]
        let project = project(networks)
        let inner = try #require(project.namedNetworks.first)
        #expect(
            inner.properties == [
                "Internal": true, "Attachable": true, "EnableIPv6": true,
                "Options": ["com.docker.network.driver.mtu": "1400"],
            ])
        #expect(inner.labels == ["team": "front"])
        let notices = project.notices(settings)
        #expect(notices.contains { $0.contains("inner has the subnet 10.77.0.0/24") })
        #expect(notices.contains { $0.contains("com.docker.network.bridge.name") })
        var other = networks
        other["inner"]?["internal"] = false
        #expect(self.project(other).namedNetworks.first?.digest != inner.digest)
    }

    @Test("A fixed name, which no two colours can have, is told")
    func fixedName() {
        var model = project(["inner": ["name": "lan"], "other": ["name": "shop_other"]]).model
        model["name"] = "shop"
        let notices = ComposeProject(app: "shop", model: model).notices(settings)
        #expect(notices.contains { $0.contains("`docker network create lan`") })
        #expect(!notices.contains { $0.contains("shop_other") })
    }

    @Test("An exposed service of closed networks alone is named, since nginx's network is open")
    func open() {
        let closed: [String: JSONValue] = [
            "front": ["internal": true], "inner": ["internal": true], "alone": [:],
        ]
        let told = { (networks: [String: JSONValue]) in
            project(networks).notices(settings).filter { $0.contains("can reach the internet") }
        }
        #expect(told(closed).map { $0.hasPrefix("web is exposed") } == [true])
        #expect(told(Self.three).isEmpty)
    }

    @Test("Fixed addresses that no container can have are refused, each with the way out")
    func fixed() {
        let lan: [String: JSONValue] = [
            "front": [:], "alone": [:], "inner": ["ipam": ["config": [["subnet": "10.77.0.0/24"]]]],
        ]
        let project = project(lan) { model in
            for name in ["web", "db"] {
                model["services"]?[name]?["networks"]?["inner"] = ["ipv4_address": "10.77.0.53"]
            }
            model["services"]?["lone"]?["dns"] = ["10.77.0.53", "1.1.1.1"]
        }
        let problems = project.problems(settings)
        #expect(problems.map(\.service) == ["db", "lone", "web"])
        let made = "docker network create --subnet 10.77.0.0/24 shop-fixed"
        #expect(problems[0].message.contains(made) && problems[1].message.contains(made))
        #expect(problems[1].message.contains("`dns: 10.77.0.53`"))
        #expect(problems[2].message.contains("two colours cannot hold at once"))
    }

    /// Docker makes no network that is called `default`.
    @Test("The told lines for a fixed address in the default network hold")
    func fixedInDefault() throws {
        func project(_ networks: JSONValue, _ own: JSONValue) -> ComposeProject {
            ComposeProject(
                app: "shop",
                model: [
                    "name": "shop", "networks": networks,
                    "services": [
                        "db": ["image": "postgres:16", "networks": own], "web": ["image": "x"],
                    ],
                ])
        }
        let settings = ["db": ServiceSettings(role: .shared), "web": ServiceSettings(port: 80)]
        let ipam: JSONValue = ["ipam": ["config": [["subnet": "172.28.0.0/16"]]]]
        let refused = project(
            ["default": ipam], ["default": ["ipv4_address": "172.28.0.5"]])
        let message = try #require(refused.problems(settings).first).message
        #expect(message.contains("`docker network create --subnet 172.28.0.0/16 shop-fixed`"))
        #expect(message.contains("`shop-fixed: {external: true}`"))
        #expect(
            message.contains(
                "`networks: {default: {}, shop-fixed: {ipv4_address: 172.28.0.5}}`"))
        #expect(message.contains("`networks: {default: {}, shop-fixed: {}}`"))
        let mended = project(
            ["default": ipam, "shop-fixed": ["external": true]],
            ["default": [:], "shop-fixed": ["ipv4_address": "172.28.0.5"]])
        #expect(mended.problems(settings) == [])
    }

    @Test("In an external network a shared service and a singleton keep their addresses")
    func external() throws {
        let project = project([
            "front": [:], "inner": ["name": "lan", "external": true], "alone": [:],
        ]) { $0["services"]?["db"]?["networks"]?["inner"] = ["ipv4_address": "10.77.0.53"] }
        for role in [ServiceRole.shared, .singleton] {
            var settings = settings
            settings["db"] = ServiceSettings(role: role)
            #expect(project.problems(settings).isEmpty)
        }
        let model = try set(project).sharedModel()
        #expect(
            model["services"]?["db"]?["networks"] == ["inner": ["ipv4_address": "10.77.0.53"]])
    }
}
