import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing

/// Services that cannot run in two colours, and what is said of them.
struct ProblemCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let services: [String: JSONValue]
    var settings: [String: ServiceSettings] = [:]
    /// What the message about each refused service must contain, in order.
    let expected: [(service: String, part: String)]
}

struct ComposeProjectProblemTests {
    private static let volume: JSONValue = [
        "image": "x",
        "volumes": [["type": "volume", "source": "uploads", "target": "/data"]],
    ]

    static let cases: [ProblemCase] = [
        ProblemCase(
            testDescription: "a writable volume in two colours, with the line to add",
            services: ["chat": volume], expected: [("chat", "`chat: {volumes: shared}`")]),
        ProblemCase(
            testDescription: "an exposed service cannot be told to be shared",
            services: ["web": volume], settings: ["web": ServiceSettings(port: 80)],
            expected: [("web", "Add to teal.yml under services: `web: {volumes: shared}`")]),
        ProblemCase(
            testDescription: "a label by which Teal finds its own things",
            services: ["a": ["image": "x", "labels": ["teal.app": "shop", "team": "front"]]],
            expected: [("a", "the label teal.app. Labels that begin with `teal.` are Teal's own")]),
        ProblemCase(
            testDescription: "images whose names have an empty part",
            services: [
                "a": ["image": "acme/books-api:"], "b": ["image": "/books"],
                "c": ["image": "acme/:v1"], "d": ["image": "books:", "build": ["context": "."]],
            ],
            expected: [
                ("a", "the image \"acme/books-api:\" has a name with an empty part"),
                ("b", "the image \"/books\""), ("c", "as a variable leaves it"),
            ]),
        ProblemCase(
            testDescription: "a shared container with the name of a coloured one",
            services: ["blue-web": ["image": "x"], "web": ["image": "x"]],
            settings: ["blue-web": ServiceSettings(role: .shared)],
            expected: [("blue-web", "would each have a container called shop-blue-web-1")]),
        ProblemCase(
            testDescription: "a writable bind mount",
            services: [
                "a": [
                    "image": "x",
                    "volumes": [["type": "bind", "source": "/srv/x", "target": "/x"]],
                ]
            ],
            expected: [("a", "the host's /srv/x")]),
        ProblemCase(
            testDescription: "the processes of a service with several replicas",
            services: [
                "a": ["image": "x", "pid": "service:b"], "b": ["image": "x", "scale": 2],
            ], expected: [("a", "`b: {replicas: 1}`; or remove `pid`")]),
        ProblemCase(
            testDescription: "the volumes of a service that is shared",
            services: ["a": ["image": "x", "volumes_from": ["b:ro"]], "b": ["image": "x"]],
            settings: ["b": ServiceSettings(role: .shared)],
            expected: [("a", "`a: {role: shared}` so that both run once; or remove `volumes_from`")]
        ),
        ProblemCase(
            testDescription: "a published port that nginx does not reach",
            services: ["a": ["image": "x", "ports": [["target": 9, "published": "90"]]]],
            expected: [("a", "publishes port 90")]),
        ProblemCase(
            testDescription: "another published port beside the exposed one",
            services: [
                "a": [
                    "image": "x",
                    "ports": [
                        ["target": 80, "published": "80"], ["target": 9, "published": "90"],
                    ],
                ]
            ], settings: ["a": ServiceSettings(port: 80)],
            expected: [("a", "publishes port 90")]),
        ProblemCase(
            testDescription: "the same number by UDP is another port",
            services: [
                "a": [
                    "image": "x",
                    "ports": [["target": 80, "published": "80", "protocol": "udp"]],
                ]
            ], settings: ["a": ServiceSettings(port: 80)],
            expected: [("a", "publishes port 80")]),
        ProblemCase(
            testDescription: "the host's network",
            services: ["a": ["image": "x", "network_mode": "host"]],
            expected: [("a", "`network_mode: host`")]),
        ProblemCase(
            testDescription: "a shared service that depends on a coloured one",
            services: [
                "db": ["image": "x", "depends_on": ["web": ["condition": "service_started"]]],
                "web": ["image": "x"],
            ], settings: ["db": ServiceSettings(role: .shared)],
            expected: [("db", "`web: {role: shared}`")]),
        ProblemCase(
            testDescription: "a shared service that runs twice",
            services: ["db": ["image": "x", "scale": 2]],
            settings: ["db": ServiceSettings(role: .shared)],
            expected: [("db", "runs once")]),
        ProblemCase(
            testDescription: "exposed without a port, and a port with another role",
            services: ["a": ["image": "x"], "b": ["image": "x"]],
            settings: [
                "a": ServiceSettings(role: .exposed), "b": ServiceSettings(role: .shared, port: 1),
            ],
            expected: [("a", "`a: {port: 8080}`"), ("b", "Keep one of the two")]),
        ProblemCase(
            testDescription: "an exposed service of which there is none",
            services: ["a": ["image": "x", "scale": 0]], settings: ["a": ServiceSettings(port: 1)],
            expected: [("a", "`a: {replicas: 1}`")]),
        ProblemCase(
            testDescription: "a replica with the name of another service",
            services: ["a": ["image": "x", "scale": 2], "a-2": ["image": "x"]],
            expected: [("a", "needs the name a-2")]),
        ProblemCase(
            testDescription: "B14: a link's name that is another service's",
            services: [
                "a": ["image": "x", "links": ["db:web"]], "db": ["image": "x"],
                "web": ["image": "x"],
            ],
            expected: [("db", "db and web would both answer to the name web")]),
        ProblemCase(
            testDescription: "B15: a container name that is another one's link",
            services: [
                "a": ["image": "x", "links": ["db:data"]], "db": ["image": "x"],
                "web": ["image": "x", "container_name": "data"],
            ],
            expected: [("db", "the name data")]),
        ProblemCase(
            testDescription: "B2: a number of `unpublished` that stands for nothing",
            services: ["a": ["image": "x", "ports": [["target": 80, "published": "8080"]]]],
            settings: ["a": ServiceSettings(port: 80, unpublished: [443...443])],
            expected: [("a", "443 is no port that the compose file publishes of it")]),
        ProblemCase(
            testDescription: "B6: a shared service that depends on the exposed one",
            services: [
                "api": [
                    "image": "x", "depends_on": ["front": ["condition": "service_started"]],
                    "volumes": [["type": "volume", "source": "files", "target": "/files"]],
                ], "front": ["image": "x"],
            ],
            settings: ["api": ServiceSettings(role: .shared), "front": ServiceSettings(port: 80)],
            expected: [("api", "`api: {role: internal, volumes: shared}`")]),
        ProblemCase(
            testDescription: "the network of a service that is several containers",
            services: [
                "a": ["image": "x", "network_mode": "service:b"],
                "b": ["image": "x", "scale": 2],
            ],
            expected: [("a", "network of b")]),
    ]

    @Test("Refused:", arguments: cases)
    func refusesInColours(_ test: ProblemCase) throws {
        let problems = Fixture.project(test.services).problems(test.settings)
        #expect(problems.map(\.service) == test.expected.map(\.service))
        for (problem, expected) in zip(problems, test.expected) {
            #expect(problem.message.contains(expected.part))
            #expect(problem.message.hasPrefix(expected.service))
        }
        #expect(throws: DockerError.refused(problems)) {
            _ = try Fixture.project(test.services).plan(test.settings)
        }
    }

    static let allowed: [(String, JSONValue, ServiceSettings)] = [
        ("volumes: shared", volume, ServiceSettings(volumes: .shared)),
        ("role: shared", volume, ServiceSettings(role: .shared)),
        (
            "a read-only mount",
            [
                "image": "x",
                "volumes": [
                    ["type": "bind", "source": "/a", "target": "/a", "read_only": true]
                ],
            ], ServiceSettings()
        ),
        (
            "an anonymous volume that a build fills, and memory",
            [
                "image": "x",
                "volumes": [
                    ["type": "volume", "target": "/app/node_modules"],
                    ["type": "tmpfs", "target": "/b"],
                ],
            ], ServiceSettings()
        ),
        (
            "the exposed service's own port",
            ["image": "x", "ports": [["target": 8080, "published": "80", "protocol": "tcp"]]],
            ServiceSettings(port: 8080)
        ),
        (
            "B2: ports that teal.yml leaves out, by their numbers here or there",
            [
                "image": "x",
                "ports": [
                    ["target": 8080, "published": "80"], ["target": 9229, "published": "19229"],
                    ["target": 8443, "published": "443"],
                ],
            ], ServiceSettings(port: 8080, unpublished: [443...443, 9229...9229])
        ),
        (
            "B2: all ports left out",
            ["image": "x", "ports": [["target": 8080, "published": "80"]]],
            ServiceSettings(publish: .none)
        ),
        (
            "B8: sockets",
            [
                "image": "x",
                "volumes": [
                    ["type": "bind", "source": "/var/run/docker.sock", "target": "/d.sock"],
                    ["type": "bind", "source": "/run/systemd", "target": "/run/systemd"],
                ],
            ], ServiceSettings()
        ),
        ("B17: a service of which there is none for now", ["scale": 0], ServiceSettings()),
        (
            "ports of a shared service",
            ["image": "x", "ports": [["target": 5432, "published": "5432"]]],
            ServiceSettings(role: .shared)
        ),
    ]

    @Test("Allowed:", arguments: allowed)
    func runsInColours(_ test: (String, JSONValue, ServiceSettings)) {
        #expect(Fixture.project(["a": test.1]).problems(["a": test.2]) == [])
    }

    @Test("With an image's name that a variable left empty goes Compose's word on the variable")
    func emptyVariable() {
        let warning = "The \"TAG\" variable is not set. Defaulting to a blank string."
        let project = ComposeProject(
            app: "shop", model: ["services": ["api": ["image": "acme/api:"]]], warnings: [warning])
        let message = project.problems([:]).first?.message ?? ""
        #expect(message.contains("--env-file"))
        #expect(message.hasSuffix("\nCompose warns: \(warning)"))
    }

    @Test("All problems of all services are told at once")
    func allAtOnce() {
        let project = Fixture.project([
            "a": ["image": "x", "network_mode": "host", "scale": 65], "b": Self.volume,
        ])
        #expect(project.problems([:]).map(\.service) == ["a", "a", "b"])
    }

    @Test("What is dropped from the compose file is said, once each")
    func notices() {
        let notices = ComposeProject(app: "shop", model: Fixture.shop)
            .notices(Fixture.shopSettings)
        #expect(notices.count == 3)
        #expect(notices[0].contains("container_name shop_web"))
        #expect(notices[1].contains("port 80 is not published"))
        #expect(notices[2].contains("external network proxy"))
    }
}
