import BlueGreen
import DockerEngine
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerSwarm

@Suite("Networks of a compose file in a swarm")
struct SwarmNetworkTests {
    private static let back: JSONValue = ["internal": true, "driver_opts": ["encrypted": ""]]

    private func plan(_ back: JSONValue = Self.back) -> SwarmPlan {
        SwarmSample.plan(
            [
                "web": [
                    "image": "shop/web:1",
                    "networks": ["back": ["aliases": ["site"]], "outside": .null],
                ],
                "api": ["image": "shop/api:1"],
                "db": ["image": "shop/db:1", "networks": ["back": .null, "default": .null]],
            ],
            ["web": ServiceSettings(port: 8080), "db": ServiceSettings(role: .shared)],
            top: [
                "networks": [
                    "back": back, "default": ["name": "shop_default"],
                    "outside": ["external": true, "name": "theirs"], "unused": [:],
                ]
            ])
    }

    private func attachments(of name: String, in colour: Colour?) throws -> [JSONValue] {
        let plan = plan()
        let services = try plan.services
        let service = try #require(services.first { $0.name == name })
        return plan.spec(of: service, in: colour)["TaskTemplate"]?["Networks"]?.array ?? []
    }

    @Test("Each exists once per colour, with its own properties, beside the colour's own")
    func made() {
        let networks = plan().networks(in: .green)
        #expect(networks.map(\.name) == ["shop-green", "shop-green_back"])
        #expect(networks[0].properties == [:] && networks[0].digest == nil)
        #expect(networks[1].properties == ["Internal": true, "Options": ["encrypted": ""]])
        #expect(networks[1].labels["teal.app"] == "shop")
        #expect(networks[1].digest != plan(["internal": true]).networks(in: .green)[1].digest)
    }

    @Test("A service is in those that it names, and an exposed one in its colour's own as well")
    func coloured() throws {
        #expect(
            try attachments(of: "web", in: .green) == [
                ["Target": "shop-green_back", "Aliases": ["web", "site"]],
                ["Target": "theirs", "Aliases": ["web"]], ["Target": "shop-green"],
            ])
        #expect(
            try attachments(of: "api", in: .blue) == [
                ["Target": "shop-blue", "Aliases": ["api"]]
            ])
    }

    @Test("A shared service is in those of both colours")
    func shared() throws {
        let names = try attachments(of: "db", in: nil).map { $0["Target"]?.string }
        #expect(names == ["shop-blue_back", "shop-green_back", "shop-blue", "shop-green"])
    }

    @Test("None of this is refused")
    func fits() throws {
        #expect(try SwarmProblems(plan()).all.isEmpty)
    }
}

/// A manager of a swarm, played by a socket of this test's own with answers of Docker 20.10.
@Suite("Networks of an app in its swarm", .timeLimit(.minutes(20)))
struct SwarmNetworkEngineTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let none = Receiver.Answer.status(404, body: "{}")
    private static let made = Receiver.Answer.status(201, body: "{}")
    private static let noServices = Receiver.Answer.status(200, body: "[]")

    private static func found(
        _ name: String, scope: String = "swarm", _ labels: [String: String]
    ) throws -> Receiver.Answer {
        let network: JSONValue = [
            "Id": .string("id-\(name)"), "Name": .string(name), "Scope": .string(scope),
            "Driver": .string(scope == "swarm" ? "overlay" : "bridge"),
            "Labels": .object(labels.mapValues(JSONValue.string)),
        ]
        return .status(200, body: try network.serialized())
    }

    private static func own(_ network: SwarmNetwork) throws -> Receiver.Answer {
        try found(network.name, network.labels)
    }

    private static func plan(_ network: JSONValue) -> SwarmPlan {
        SwarmSample.plan(
            ["web": ["image": "shop/web:1", "networks": ["back": .null]]], SwarmSample.web,
            top: ["networks": ["back": network]])
    }

    /// The requests that changed something, in order, and what was thrown.
    private func asking(
        _ answers: [Receiver.Answer], _ body: (SwarmEngine) async throws -> Void
    ) async throws -> (acts: [String], error: SwarmError?) {
        let pong = Receiver.Answer.status(200, fields: ["Api-Version": "1.41"])
        let daemon = try await Receiver.start([pong] + answers, at: folder("docker.sock"))
        let api = EngineAPI(.socket(path: folder("docker.sock")))
        let engine = SwarmEngine(
            SwarmEngine.Settings(
                app: "shop", stateDirectory: folder.path, runner: ScriptedRunner(),
                tool: { throw DockerError.noCompose }, api: api, choices: ReleaseChoices(),
                swarm: SwarmSample.ports, clock: ManualClock()))
        var thrown: SwarmError?
        do {
            try await body(engine)
        } catch let error as SwarmError {
            thrown = error
        }
        try await api.shutDown()
        try await daemon.stop()
        var acts: [String] = []
        for await request in daemon.requests where "\(request.method)" != "GET" {
            acts.append("\(request.method) \(request.path.replacing("/v1.41", with: ""))")
        }
        return (acts, thrown)
    }

    @Test("Those that are missing are made in both colours")
    func makes() async throws {
        let plan = Self.plan(["internal": true])
        let blue = plan.networks(in: .blue)
        let result = try await asking([
            try Self.own(blue[0]), Self.none, Self.made, Self.none, Self.made, Self.none,
            Self.made,
        ]) { try await $0.makeNetworks(of: plan, candidate: .green) }
        #expect(result.error == nil)
        #expect(result.acts == Array(repeating: "POST /networks/create", count: 3))
    }

    @Test("One with other properties is made anew in the candidate's colour alone")
    func changes() async throws {
        let plan = Self.plan(["internal": true])
        let before = Self.plan(["attachable": true])
        let answers = try Colour.allCases.flatMap { colour in
            let old = before.networks(in: colour)
            let change = [Self.noServices, Receiver.Answer.status(204), Self.made]
            return try [Self.own(old[0]), Self.own(old[1])] + (colour == .green ? change : [])
        }
        let result = try await asking(answers) {
            try await $0.makeNetworks(of: plan, candidate: .green)
        }
        #expect(result.error == nil)
        #expect(result.acts == ["DELETE /networks/shop-green_back", "POST /networks/create"])
    }

    @Test("A shared service in it keeps such a network as it is, and is named")
    func held() async throws {
        let plan = Self.plan(["internal": true])
        let before = Self.plan(["attachable": true])
        let db: JSONValue = [
            "Name": "shop-shared-db", "Labels": ["teal.service": "db"],
            "TaskTemplate": ["Networks": [["Target": "id-shop-blue_back"]]],
        ]
        let old = before.networks(in: .blue)
        let result = try await asking([
            try Self.own(old[0]), try Self.own(old[1]),
            .status(200, body: "[\(try SwarmSample.service(db))]"),
        ]) { try await $0.makeNetworks(of: plan, candidate: .blue) }
        #expect(result.error == .networkHeld("shop-blue_back", by: ["shop-shared-db"]))
        #expect(result.acts.isEmpty)
    }

    @Test("One that is missing, of one node alone or a stranger's is in the way of a deploy")
    func obstacles() async throws {
        let plan = Self.plan(["external": true, "name": "theirs"])
        for (answer, words) in [
            (Self.none, "the swarm has no network theirs."),
            (
                try Self.found("theirs", scope: "local", [:]),
                "theirs is a network of this node alone, with the driver bridge."
            ),
            (try Self.found("theirs", [:]), ""),
        ] {
            var texts: [String] = []
            let foreign = try Self.found("shop-blue", ["teal.app": "other"])
            let result = try await asking([answer, foreign, Self.none]) {
                texts = try await $0.networkObstacles(to: plan).map(\.description)
            }
            #expect(result.error == nil)
            #expect(texts.last == "\(SwarmError.foreignNetwork("shop-blue"))")
            #expect(texts.count == (words.isEmpty ? 1 : 2))
            #expect(words.isEmpty || texts[0].contains(words))
        }
    }

    @Test("The end of the app takes its own networks alone")
    func down() async throws {
        let list: JSONValue = [
            [
                "Id": "1", "Name": "shop-blue", "Scope": "swarm", "Driver": "overlay",
                "Labels": ["teal.app": "shop"],
            ],
            // Of an app of the same name that this host runs by Compose.
            [
                "Id": "2", "Name": "shop-green", "Scope": "local", "Driver": "bridge",
                "Labels": ["teal.app": "shop"],
            ],
        ]
        let result = try await asking([
            .status(200, body: try list.serialized()), .status(204),
        ]) { try await $0.removeNetworks() }
        #expect(result.error == nil && result.acts == ["DELETE /networks/shop-blue"])
    }
}
