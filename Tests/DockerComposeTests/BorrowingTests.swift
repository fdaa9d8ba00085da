@testable import DockerEngine
import BlueGreen
import Orchestration
import Testing

@testable import DockerCompose

@Suite("Services that take something from another one's container")
struct BorrowingTests {
    private static let keys: [(key: String, value: JSONValue)] = [
        ("network_mode", "service:vpn"), ("pid", "service:vpn"), ("ipc", "service:vpn"),
        ("volumes_from", ["vpn:ro"]),
    ]

    private func project(_ key: String, _ value: JSONValue) -> ComposeProject {
        Fixture.project([
            "app": ["image": "x", key: value], "vpn": ["image": "x"], "web": ["image": "x"],
        ])
    }

    private func problems(
        _ key: String, _ value: JSONValue, app: ServiceRole, vpn: ServiceRole
    ) -> [ServiceProblem] {
        project(key, value).problems([
            "app": ServiceSettings(role: app), "vpn": ServiceSettings(role: vpn),
            "web": ServiceSettings(port: 80),
        ])
    }

    @Test("Both in each colour, both shared, or the borrower in one colour at a time is fine")
    func fine() {
        for (key, value) in Self.keys {
            for (app, vpn) in [
                (.internal, .internal), (.shared, .shared), (.singleton, .singleton),
                (.singleton, .internal),
            ] as [(ServiceRole, ServiceRole)] {
                #expect(problems(key, value, app: app, vpn: vpn) == [], "\(key) \(app) \(vpn)")
            }
        }
    }

    @Test(
        "Any other pair is refused with the line that mends it",
        arguments: [
            (.internal, .shared, "app: {role: shared}"),
            (.singleton, .shared, "app: {role: shared}"),
            (.internal, .singleton, "app: {role: singleton}"),
            (.shared, .internal, "vpn: {role: shared}"),
            (.shared, .singleton, "vpn: {role: shared}"),
        ] as [(ServiceRole, ServiceRole, String)])
    func refused(app: ServiceRole, vpn: ServiceRole, line: String) throws {
        for (key, value) in Self.keys {
            let problem = try #require(problems(key, value, app: app, vpn: vpn).first)
            #expect(problem.service == "app")
            #expect(problem.remedies.map(\.line) == [line], "\(key)")
            #expect(problem.message.contains("or remove `\(key)` from app"))
            #expect(problem.others == ["vpn"])
            var settings = [
                "app": ServiceSettings(role: app), "vpn": ServiceSettings(role: vpn),
                "web": ServiceSettings(port: 80),
            ]
            problem.remedies[0].apply(to: &settings)
            #expect(project(key, value).problems(settings) == [], "\(key)")
        }
    }

    @Test("An exposed service without a network of its own is told to give its lender the port")
    func exposed() {
        let all = project("network_mode", "service:vpn").problems(["app": ServiceSettings(port: 80)]
        )
        #expect(all.count == 1)
        #expect(all.first?.message.contains("Give vpn the port in teal.yml in its place") == true)
        let lent = project("network_mode", "service:vpn").problems([
            "vpn": ServiceSettings(port: 80)
        ])
        #expect(lent == [])
    }

    @Test("One that does not run lends nothing")
    func absent() {
        let project = Fixture.project([
            "app": ["image": "x", "pid": "service:gone"], "gone": ["image": "x", "scale": 0],
        ])
        #expect(project.problems([:]).map(\.service) == ["app"])
        #expect(project.problems([:]).first?.message.contains("which does not run") == true)
    }

    @Test("The lender starts first, and both stay together in the colour's model")
    func together() throws {
        let set = try ContainerSet(
            project: project("network_mode", "service:vpn"),
            settings: ["web": ServiceSettings(port: 80)],
            release: Fixture.release)
        let order = set.services.map(\.name)
        #expect(try #require(order.firstIndex(of: "vpn")) < #require(order.firstIndex(of: "app")))
        let model = set.colourModel(.green, addresses: [:])
        #expect(model["services"]?["app"]?["network_mode"] == "service:vpn")
        #expect(model["services"]?["app"]?["networks"] == nil)
        #expect(model["services"]?["vpn"] != nil)
    }

    @Test("A port from outside can be kept without the dependencies that keep it from being shared")
    func keptPort() throws {
        func problem(_ mail: JSONValue, _ settings: [String: ServiceSettings]) -> ServiceProblem? {
            var mail = mail
            mail["image"] = "mail"
            mail["ports"] = [["target": 25, "published": "25"]]
            let project = Fixture.project([
                "handler": ["build": ["context": "/srv"]], "mail": mail, "web": ["image": "x"],
            ])
            return project.problems(settings).first { $0.service == "mail" }
        }
        let settings = ["web": ServiceSettings(port: 80)]
        let waiting: JSONValue = ["depends_on": ["handler": ["condition": "service_started"]]]
        let refused = try #require(problem(waiting, settings))
        #expect(refused.remedies.map(\.line) == ["mail: {publish: none}"])
        #expect(
            refused.message.contains(
                "; or if somebody needs that from outside and nginx is no way to it, remove its "
                    + "dependency on handler in the compose file, and write `mail: {role: shared}`")
        )
        let alone = try #require(problem([:], settings))
        #expect(alone.remedies.contains { $0.line == "mail: {role: shared}" })
        #expect(!alone.message.contains("remove its dependency"))
        let shared = settings.merging(["mail": ServiceSettings(role: .shared)]) { $1 }
        #expect(problem([:], shared) == nil)
    }

    @Test("Unpublished ports are told by the numbers that `port:` has, those of the container")
    func spelling() throws {
        let project = Fixture.project([
            "web": [
                "image": "x",
                "ports": [
                    ["target": 80, "published": "80"], ["target": 9229, "published": "127"],
                ],
            ]
        ])
        var settings = ["web": ServiceSettings(port: 80)]
        let problem = try #require(project.problems(settings).first)
        #expect(problem.message.contains("publishes port 127 (in the container 9229), which"))
        #expect(problem.remedies.map(\.line) == ["web: {unpublished: [9229]}"])
        problem.remedies[0].apply(to: &settings)
        #expect(project.problems(settings) == [])
    }
}
