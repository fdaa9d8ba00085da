import BlueGreen
import DockerEngine
import Orchestration
import Testing

@testable import DockerSwarm

@Suite("The services of a swarm that a compose file becomes")
struct SwarmPlanTests {
    private static let services: [String: JSONValue] = [
        "web": [
            "image": "shop/web:1", "command": ["serve", "$$PORT"],
            "environment": ["TOKEN": "a$$b"], "stop_grace_period": "1m30s",
            "deploy": [
                "replicas": 2, "resources": ["limits": ["cpus": "0.5", "memory": "67108864"]],
                "placement": ["constraints": ["node.labels.disk==fast"]],
            ],
            "healthcheck": ["test": ["CMD", "/check"], "interval": "5s", "retries": 2],
        ],
        "db": [
            "image": "postgres:16", "restart": "on-failure:3",
            "volumes": [["type": "volume", "source": "data", "target": "/data"]],
        ],
    ]

    private static let settings = [
        "web": ServiceSettings(port: 8080), "db": ServiceSettings(role: .shared),
    ]

    private func plan() -> SwarmPlan {
        var choices = SwarmSample.ports
        choices.pins = ["db": "node2"]
        return SwarmSample.plan(Self.services, Self.settings, choices)
    }

    private func spec(of name: String, in colour: Colour?) throws -> JSONValue {
        let plan = plan()
        let service = try #require(try plan.services.first { $0.name == name })
        return plan.spec(of: service, in: colour)
    }

    @Test("An exposed service is reached at its colour's port of each node, past every proxy")
    func ports() throws {
        let spec = try spec(of: "web", in: .green)
        #expect(spec["Name"] == "shop-green-web")
        #expect(spec["EndpointSpec"]?["Mode"] == "dnsrr")
        #expect(
            spec["EndpointSpec"]?["Ports"] == [
                [
                    "Protocol": "tcp", "PublishMode": "host", "TargetPort": 8080,
                    "PublishedPort": 18_082,
                ]
            ])
        #expect(spec["TaskTemplate"]?["Networks"]?.array?.count == 1)
        #expect(
            spec["TaskTemplate"]?["Networks"]?.array?.first
                == ["Target": "shop-green", "Aliases": ["web"]])
    }

    @Test("It begins without tasks, and bears its release and the number of its replicas")
    func labels() throws {
        let spec = try spec(of: "web", in: .green)
        #expect(spec["Mode"] == ["Replicated": ["Replicas": 0]])
        #expect(spec["Labels"]?["teal.release"]?.string == SwarmSample.release.text)
        #expect(spec["Labels"]?["teal.replica"] == "2")
    }

    @Test("Its container has what the compose file says, without Compose's own escapes")
    func container() throws {
        let container = try #require(
            try spec(of: "web", in: .blue)["TaskTemplate"]?["ContainerSpec"])
        #expect(container["Args"] == ["serve", "$PORT"])
        #expect(container["Env"] == ["TOKEN=a$b"])
        #expect(container["StopGracePeriod"] == 90_000_000_000)
        #expect(
            container["Healthcheck"]
                == ["Test": ["CMD", "/check"], "Interval": 5_000_000_000, "Retries": 2])
    }

    @Test("Resources, placement and restarts are those of the compose file")
    func template() throws {
        let web = try #require(try spec(of: "web", in: .blue)["TaskTemplate"])
        #expect(
            web["Resources"] == ["Limits": ["NanoCPUs": 500_000_000, "MemoryBytes": 67_108_864]])
        #expect(web["Placement"] == ["Constraints": ["node.labels.disk==fast"]])
        #expect(web["RestartPolicy"]?["Condition"] == "any")
        let db = try #require(try spec(of: "db", in: nil)["TaskTemplate"])
        #expect(db["Placement"] == ["Constraints": ["node.hostname==node2"]])
        #expect(
            db["RestartPolicy"]
                == ["Condition": "on-failure", "MaxAttempts": 3, "Delay": 2_000_000_000])
    }

    @Test("A shared service is in both colours' networks and of no release")
    func shared() throws {
        let spec = try spec(of: "db", in: nil)
        #expect(spec["Name"] == "shop-shared-db")
        #expect(spec["Labels"]?["teal.release"] == nil)
        #expect(spec["TaskTemplate"]?["Networks"]?.array?.count == 2)
    }

    @Test("What fits is not refused")
    func fits() throws {
        #expect(try SwarmProblems(plan()).all.isEmpty)
    }
}

@Suite("A compose file that a swarm would change without a word")
struct SwarmProblemTests {
    @Test(
        "Each key that is not mapped is refused by its name",
        arguments: [
            ("privileged", JSONValue.bool(true)), ("devices", ["/dev/kvm"]),
            ("security_opt", ["no-new-privileges"]), ("pid", "host"), ("ipc", "host"),
            ("userns_mode", "host"), ("links", ["db:database"]), ("build", ["context": "."]),
            ("logging", ["driver": "x"]),
            ("sysctls", ["a": "1"]), ("ulimits", ["nofile": 1]), ("extra_hosts", ["a=1.2.3.4"]),
            ("tmpfs", ["/run"]), ("post_start", [["command": "x"]]), ("dns", ["10.0.0.1"]),
        ] as [(String, JSONValue)])
    func keys(_ key: String, _ value: JSONValue) throws {
        var web: JSONValue = ["image": "shop/web:1"]
        web[key] = value
        let problems = try SwarmProblems(SwarmSample.plan(["web": web], SwarmSample.web)).all
        #expect(problems.contains { $0.message.contains("`\(key):`") }, "\(problems)")
    }

    @Test(
        "So is each part of `deploy:`",
        arguments: [
            ("update_config", ["order": "start-first"] as JSONValue, "deploy.update_config"),
            ("rollback_config", ["parallelism": 1], "deploy.rollback_config"),
            ("mode", "global", "deploy.mode: global"),
            ("endpoint_mode", "vip", "deploy.endpoint_mode: vip"),
            ("placement", ["preferences": [["spread": "x"]]], "deploy.placement.preferences"),
            ("resources", ["reservations": ["devices": [["count": 1]]]], "reservations.devices"),
        ] as [(String, JSONValue, String)])
    func deploy(_ key: String, _ value: JSONValue, _ said: String) throws {
        var deploy: JSONValue = [:]
        deploy[key] = value
        let web: JSONValue = ["image": "shop/web:1", "deploy": deploy]
        let problems = try SwarmProblems(SwarmSample.plan(["web": web], SwarmSample.web)).all
        #expect(problems.contains { $0.message.contains(said) }, "\(problems)")
    }

    @Test(
        "A key that says nothing is none",
        arguments: [
            ("privileged", .bool(false)), ("links", []), ("configs", []),
        ] as [(String, JSONValue)])
    func nothing(_ key: String, _ value: JSONValue) throws {
        var web: JSONValue = ["image": "shop/web:1"]
        web[key] = value
        #expect(try SwarmProblems(SwarmSample.plan(["web": web], SwarmSample.web)).all.isEmpty)
    }

    @Test(
        "Data of one node needs that node",
        arguments: [("volume", "data"), ("bind", "/srv/data")])
    func mounts(_ type: String, _ source: String) throws {
        let db: JSONValue = [
            "image": "db:1",
            "volumes": [
                ["type": .string(type), "source": .string(source), "target": "/data"]
            ],
        ]
        var settings = SwarmSample.web
        settings["db"] = ServiceSettings(role: .shared)
        let services: [String: JSONValue] = ["web": ["image": "shop/web:1"], "db": db]
        let problems = try SwarmProblems(SwarmSample.plan(services, settings)).all
        #expect(problems.contains { $0.message.contains("pin: {db: NODE}") }, "\(problems)")
        var choices = SwarmSample.ports
        choices.pins = ["db": "node2"]
        #expect(try SwarmProblems(SwarmSample.plan(services, settings, choices)).all.isEmpty)
    }

    @Test("A check from afar is refused; neither a singleton nor a one-shot is")
    func roles() throws {
        var settings = SwarmSample.web
        settings["cron"] = ServiceSettings(role: .singleton)
        settings["api"] = ServiceSettings(healthCheck: HealthCheck(method: .tcp(port: 9)))
        let services: [String: JSONValue] = [
            "web": [
                "image": "shop/web:1",
                "depends_on": ["seed": ["condition": "service_completed_successfully"]],
            ],
            "cron": ["image": "c:1"], "api": ["image": "a:1"], "seed": ["image": "s:1"],
        ]
        let problems = try SwarmProblems(SwarmSample.plan(services, settings)).all
        #expect(problems.map(\.service) == ["api"])
    }

    @Test("An exposed service without ports of the nodes is refused with the line to add")
    func ports() throws {
        let plan = SwarmSample.plan(
            ["web": ["image": "shop/web:1"]], SwarmSample.web, SwarmChoices())
        let message = try SwarmProblems(plan).all.first?.message
        #expect(message?.contains("swarm: {ports: {web: [18081, 18082]}}") == true)
    }

    @Test("A name that is no service, and a port that is taken twice, are mistakes")
    func choices() throws {
        let choices = SwarmChoices(
            ports: [
                "web": ColourPorts(blue: 1, green: 2), "wbe": ColourPorts(blue: 2, green: 3),
            ])
        let plan = SwarmSample.plan(["web": ["image": "shop/web:1"]], SwarmSample.web, choices)
        let messages = try SwarmProblems(plan).all.map(\.message)
        #expect(messages.contains { $0.contains("names wbe") })
        #expect(messages.contains { $0.contains("the port 2 twice") })
    }

    @Test(
        "A network is refused for each thing that an overlay network has not",
        arguments: [
            (["driver": "macvlan"], "has `driver: macvlan`"),
            (["enable_ipv4": false], "has `enable_ipv4: false`"),
            (
                ["driver_opts": ["com.docker.network.bridge.enable_icc": "false"]],
                "has the option com.docker.network.bridge.enable_icc"
            ),
        ] as [(JSONValue, String)])
    func networks(_ network: JSONValue, _ words: String) throws {
        let plan = SwarmSample.plan(
            ["web": ["image": "shop/web:1", "networks": ["back": .null]]], SwarmSample.web,
            top: ["networks": ["back": network]])
        let messages = try SwarmProblems(plan).all.map(\.message)
        #expect(messages.count == 1)
        #expect(messages.first?.contains("The network back \(words)") == true)
    }

    @Test("A service is refused for what a task cannot have in a network")
    func places() throws {
        let use: JSONValue = ["aliases": ["shop"], "mac_address": "02:42:ac:11:65:43"]
        let plan = SwarmSample.plan(
            ["web": ["image": "shop/web:1", "networks": ["default": use]]], SwarmSample.web)
        let messages = try SwarmProblems(plan).all.map(\.message)
        #expect(messages.count == 1)
        #expect(messages.first?.contains("`mac_address:` in the network default") == true)
    }
}
