import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Commands

@Suite("engine: swarm in teal.yml")
struct SwarmConfigurationTests {
    private static let whole = """
        app: shop
        engine: swarm
        edges: {nodes: managers, image: "registry.example:5000/teal-edge:1"}
        swarm: {ports: {web: [18081, 18082]}, pin: {db: node2}, switch_timeout: 45s}
        services: {web: {port: 8080}, db: {role: shared}}

        """

    private func read(_ text: String) throws -> AppConfiguration {
        try AppConfiguration(yaml: text, file: "teal.yml", environment: [:])
    }

    private func mistakes(_ text: String) -> String {
        do {
            _ = try read(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("Its keys are read, and what needs one host is off")
    func whole() throws {
        let configuration = try read(Self.whole)
        #expect(configuration.engine == .swarm)
        #expect(configuration.edges.nodes == .managers)
        #expect(configuration.swarm.ports == ["web": [18_081, 18_082]])
        #expect(configuration.swarm.pins == ["db": "node2"])
        #expect(configuration.swarm.switchTimeout == .seconds(45))
        #expect(configuration.deployment.startAtMost == .zero)
    }

    @Test(
        "A key that it cannot follow is refused with its place",
        arguments: [
            "build: never", "switch: live",
            "preview: {listen: \"127.0.0.1:9\", service: web}",
            "disk: {reserve: 1G}", "watch: {every: 10s}",
        ])
    func refused(_ line: String) {
        let key = line.prefix { $0 != ":" }
        let said = mistakes(Self.whole + line + "\n")
        #expect(said.contains("\(key) does not work with `engine: swarm`"), "\(said)")
        #expect(said.contains("teal.yml:6:"), "\(said)")
    }

    @Test("The room of the nodes refuses a set or warns of it, as on one host")
    func room() throws {
        #expect(try read(Self.whole + "room: warn\n").deployment.room == .warn)
        #expect(try read(Self.whole).deployment.room == .refuse)
        let said = mistakes(Self.whole + "room: stop-first\n")
        #expect(said.contains("teal.yml:6:"), "\(said)")
        #expect(said.contains("room: stop-first does not work with `engine: swarm`"), "\(said)")
    }

    @Test("A release is watched as on one host: as usual, or as the file says")
    func watched() throws {
        #expect(try read(Self.whole).deployment.bake == Bake())
        let text = Self.whole + "bake: {for: 10s}\ncanary: {steps: [10%], every: 5s}\n"
        let settings = try read(text).deployment
        #expect(settings.bake.duration == .seconds(10))
        #expect(settings.canary == Canary(steps: [Share(percent: 10)], every: .seconds(5)))
    }

    @Test("Edges can be named, and an absent one passed over")
    func named() throws {
        let text = """
            app: shop
            engine: swarm
            edges: {image: "teal-edge:1", nodes: [node1, node3]}
            swarm: {ports: {web: [18081, 18082]}, absent: proceed}
            services: {web: {port: 8080}}

            """
        let configuration = try read(text)
        #expect(configuration.edges.nodes == .named(["node1", "node3"]))
        #expect(configuration.swarm.absent == .proceed)
        for wrong in ["[]", "some", "{a: b}", "[\"no de\"]"] {
            let said = mistakes(text.replacing("[node1, node3]", with: wrong))
            #expect(said.contains("teal.yml:3:"), "\(said)")
        }
    }

    @Test(
        "So is one inside another",
        arguments: [
            ("start: {at_most: 5s}", "start.at_most"),
            ("start: {settle: {steal: 5%}}", "start.settle"),
            ("nginx: {container: edge}", "nginx.container"),
            ("hooks: {before_switch: [{run: [x], in: web}]}", "hooks.in"),
        ])
    func inside(_ line: String, _ key: String) {
        let said = mistakes(Self.whole + line + "\n")
        #expect(said.contains("\(key) does not work with `engine: swarm`"), "\(said)")
    }

    @Test("So is one of a service", arguments: ["memory: 64M", "watch: restart"])
    func ofService(_ pair: String) {
        let text = Self.whole.replacing("{port: 8080}", with: "{port: 8080, \(pair)}")
        let key = pair.prefix { $0 != ":" }
        let said = mistakes(text)
        #expect(said.contains("services.web.\(key) does not work with"), "\(said)")
    }

    @Test(
        "A registry is a host, with a path in it or without; builds are for it",
        arguments: [
            "registry.example:5000/shop", "registry.example", "10.0.0.1:5000", "localhost/a/b_c",
            "docker.io/acme",
        ])
    func registry(_ value: String) throws {
        let configuration = try read(Self.whole + "registry: \(value)\nbuild: missing\n")
        #expect(configuration.registry == value)
        #expect(configuration.build == .missing)
    }

    @Test(
        "Another one is refused",
        arguments: [
            "acme", "registry.example/Shop", "registry.example/shop:1", "registry.example/",
            "https://registry.example", "registry.example:x", "registry.example@sha256:1",
        ])
    func noRegistry(_ value: String) {
        let said = mistakes(Self.whole + "registry: \"\(value)\"\n")
        #expect(said.contains("registry must be a registry with a path"), "\(said)")
        #expect(said.contains("teal.yml:6:"), "\(said)")
    }

    @Test("Edges need their image")
    func image() {
        let said = mistakes(
            Self.whole.replacing(
                "edges: {nodes: managers, image: \"registry.example:5000/teal-edge:1\"}\n", with: ""
            ))
        #expect(said.contains("edges: {image: IMAGE}"), "\(said)")
    }

    @Test(
        "Ports are two, of which neither is the other",
        arguments: ["[18081]", "[18081, 18081]", "[80, 81]", "18081", "[a, b]"])
    func ports(_ value: String) {
        let said = mistakes(Self.whole.replacing("[18081, 18082]", with: value))
        #expect(said.contains("swarm.ports.web must be two ports"), "\(said)")
    }

    @Test(
        "Without it they have no meaning",
        arguments: [
            "edges: {nodes: all}", "swarm: {pin: {a: b}}", "registry: registry.example",
        ])
    func alone(_ line: String) {
        let said = mistakes("app: shop\nservices: {web: {port: 80}}\n\(line)\n")
        #expect(said.contains("has no meaning without `engine: swarm`"), "\(said)")
    }

    @Test("The example of compose/swarm is one without mistakes")
    func example() throws {
        let text = try String(
            decoding: FileSystem().readBytes(Repository.path("compose/swarm/teal.yml")),
            as: UTF8.self)
        #expect(try read(text).engine == .swarm)
    }
}
