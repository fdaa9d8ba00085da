@testable import DockerEngine
import BlueGreen
import FoundationEssentials
import HostSystem
import Orchestration
import Testing

@testable import DockerCompose

/// Compose files as people have them, and what Teal makes of them without a change.
struct RealProjectTests {
    private func set(
        _ services: [String: JSONValue], _ settings: [String: ServiceSettings] = [:]
    ) throws -> ContainerSet {
        try ContainerSet(
            project: Fixture.project(services), settings: settings, release: Fixture.release)
    }

    @Test("B2: all ports of a service are one refusal, with the line to write")
    func oneRefusal() throws {
        let ports: JSONValue = [
            ["target": 8080, "published": "80"], ["target": 53, "published": "53"],
            ["target": 53, "published": "53", "protocol": "udp"],
            ["target": 7000, "published": "7000"], ["target": 7001, "published": "7001"],
            ["target": 7002, "published": "7002"],
        ]
        let project = Fixture.project(["web": ["image": "x", "ports": ports]])
        var settings = ["web": ServiceSettings(port: 8080)]
        let problem = try #require(project.problems(settings).first)
        #expect(project.problems(settings).count == 1)
        #expect(problem.message.contains("the ports 53 (tcp, udp), 7000-7002, which"))
        #expect(problem.remedies.map(\.line) == ["web: {unpublished: [53, 7000-7002]}"])
        problem.remedies[0].apply(to: &settings)
        #expect(project.problems(settings) == [])
        let notices = project.notices(settings)
        #expect(notices.contains { $0.contains("leaves the ports 53 (tcp, udp), 7000-7002") })
    }

    @Test("B2: an internal service can give its ports up, and a shared one keeps what is left")
    func ports() throws {
        let services: [String: JSONValue] = [
            "api": ["image": "x", "ports": [["target": 9, "published": "90"]]],
            "db": [
                "image": "x",
                "ports": [
                    ["target": 5432, "published": "5432"], ["target": 1, "published": "1"],
                ],
            ],
        ]
        let lines = Fixture.project(services).problems([:]).flatMap(\.remedies).map(\.line)
        #expect(lines.contains("api: {publish: none}"))
        let set = try set(
            services,
            [
                "api": ServiceSettings(publish: .none),
                "db": ServiceSettings(role: .shared, unpublished: [1...1]),
            ])
        let ports = set.sharedModel()["services"]?["db"]?["ports"]?.array
        #expect(ports == [["target": 5432, "published": "5432"]])
    }

    @Test("B8: a single file is a notice, and all mounts of a service are one refusal")
    func mounts() {
        let project = ComposeProject(
            app: "shop",
            model: [
                "services": [
                    "web": [
                        "image": "x",
                        "volumes": [
                            ["type": "bind", "source": "/srv/app.conf", "target": "/app.conf"],
                            ["type": "bind", "source": "/srv/socket", "target": "/s"],
                            ["type": "bind", "source": "/srv/data", "target": "/data"],
                            ["type": "volume", "source": "up", "target": "/up"],
                        ],
                    ]
                ]
            ],
            kinds: ["/srv/app.conf": .file, "/srv/socket": .socket, "/srv/data": .folder])
        let problems = project.problems([:])
        #expect(problems.count == 1)
        #expect(
            problems.first?.message.hasPrefix(
                "web can write to the host's /srv/data at /data, the volume up at /up, and") == true
        )
        let notices = project.notices(["web": ServiceSettings(volumes: .shared)])
        #expect(notices.count == 1)
        #expect(notices.first?.contains("the host's file /srv/app.conf, in both colours") == true)
        #expect(project.outline.services.first?.mounts.map(\.target) == ["/data", "/up"])
    }

    @Test("B14, B15: a link's name and a container's name are aliases in the colour's network")
    func aliases() throws {
        let set = try set([
            "app": ["image": "x", "container_name": "shop-app"],
            "edge": ["image": "x", "links": ["app:backend", "app", "app:app"]],
        ])
        let services = set.colourModel(.blue, addresses: [:])["services"]
        let names = services?["app"]?["networks"]?["shop-blue"]?["aliases"]
        #expect(names == ["app", "backend", "shop-app"])
        #expect(services?["app"]?["container_name"] == "shop-blue-app-1")
        #expect(services?["edge"]?["links"] == nil)
        let notices = Fixture.project(["app": ["container_name": "shop-app"]]).notices([:])
        #expect(notices.first?.contains("answer to shop-app in their colour's network") == true)
    }

    @Test("B7: a dependency on a service that no profile starts is none")
    func absentDependency() {
        let project = Fixture.project([
            "api": [
                "image": "x",
                "depends_on": ["search": ["condition": "service_started", "required": false]],
            ]
        ])
        #expect(project.problems(["api": ServiceSettings(role: .shared)]) == [])
    }

    @Test(
        "B12: a label or a variable by which a proxy finds containers is told",
        arguments: [
            (["labels": ["traefik.http.routers.a.rule": "Host(`a`)"]], "Traefik"),
            (["labels": ["caddy": "shop.example"]], "caddy-docker-proxy"),
            (["labels": ["caddy_0.reverse_proxy": "x"]], "caddy-docker-proxy"),
            (["environment": ["VIRTUAL_HOST": "shop.example"]], "nginx-proxy"),
            (["labels": ["traefik.enable": "false", "traefik.port": "1"]], nil),
            (["labels": ["caddyshack": "1"], "environment": ["HOST": "x"]], nil),
        ] as [(JSONValue, String?)])
    func discovery(_ model: JSONValue, _ finder: String?) {
        let project = Fixture.project(["web": model])
        let notices = project.notices(["web": ServiceSettings(port: 80)])
        #expect(notices.count == (finder == nil ? 0 : 1))
        if let finder { #expect(notices.first?.contains("by which \(finder) finds") == true) }
        #expect(project.notices(["web": ServiceSettings(role: .shared)]) == [])
    }

    @Test("B17: a service with no replicas is left out, and told")
    func notNow() throws {
        let project = Fixture.project([
            "web": ["image": "x"], "later": ["image": "x", "deploy": ["replicas": 0]],
        ])
        let planned = try project.plan([:])
        #expect(planned.map(\.name) == ["web"])
        #expect(project.notices([:]).first?.hasPrefix("later has 0 replicas") == true)
        let wanted = ["later": ServiceSettings(replicas: 1)]
        let all = try project.plan(wanted)
        #expect(all.map(\.name) == ["later", "web"])
    }

    @Test("B5: where both restart policies stand, Compose's choice is taken")
    func bothPolicies() throws {
        let set = try set([
            "a": [
                "image": "x", "restart": "always",
                "deploy": ["restart_policy": ["condition": "none"]],
            ]
        ])
        let service = set.colourModel(.blue, addresses: [:])["services"]?["a"]
        #expect(service?["restart"] == "no")
        #expect(service?["labels"]?["teal.restart"] == "no")
    }
}

/// B0: data of an image's own.
struct DeclaredVolumeTests {
    private func problem(
        _ model: JSONValue, _ settings: ServiceSettings = ServiceSettings(),
        declared: [String] = ["/data"]
    ) throws -> ServiceProblem? {
        let set = try ContainerSet(
            project: Fixture.project(["redis": model]), settings: ["redis": settings],
            release: Fixture.release)
        return set.emptyVolumeProblem(declared, of: try #require(set.services.first))
    }

    @Test("B0: an image's volume without a mount is refused, with the lines to choose from")
    func refused() throws {
        let problem = try #require(try problem(["image": "acme/redis:1"]))
        #expect(problem.message.hasPrefix("redis keeps data at /data, as its image acme/redis:1"))
        #expect(
            problem.remedies.map(\.line) == ["redis: {role: shared}", "redis: {volumes: fresh}"])
        for remedy in problem.remedies {
            var settings: [String: ServiceSettings] = [:]
            remedy.apply(to: &settings)
            let left = try self.problem(["image": "x"], settings["redis"] ?? ServiceSettings())
            #expect(left == nil)
        }
    }

    @Test("B0: a volume without a name is each colour's own, and refused until teal.yml says so")
    func anonymous() throws {
        let project = Fixture.project([
            "db": ["image": "postgres:17", "volumes": [["type": "volume", "target": "/data"]]]
        ])
        for role in [ServiceRole.internal, .singleton] {
            let problem = try #require(project.problems(["db": ServiceSettings(role: role)]).first)
            #expect(problem.message.hasPrefix("db has a volume without a name at /data: each"))
            for remedy in problem.remedies {
                var settings = ["db": ServiceSettings(role: role)]
                remedy.apply(to: &settings)
                #expect(project.problems(settings) == [])
            }
        }
    }

    @Test("B0: two writers of a named volume say nothing of one that each colour has for itself")
    func sharedIsNotFresh() throws {
        let problem = try problem(["image": "x"], ServiceSettings(volumes: .shared))
        #expect(problem?.remedies.last?.line == "redis: {volumes: [shared, fresh]}")
        let exposed = try self.problem(["image": "x"], ServiceSettings(port: 80))
        #expect(exposed?.remedies.count == 1)
    }

    @Test(
        "B0: a mount at just that place settles it",
        arguments: [
            (["volumes": [["type": "volume", "source": "d", "target": "/data/"]]], true),
            (["tmpfs": ["/data:size=1m"]], true),
            (["volumes": [["type": "tmpfs", "target": "/data"]]], true),
            // Docker mounts an empty volume inside of the one above.
            (["volumes": [["type": "volume", "source": "d", "target": "/"]]], false),
            (["tmpfs": ["/database"]], false),
        ] as [(JSONValue, Bool)])
    func mounted(_ model: JSONValue, _ isSettled: Bool) throws {
        let problem = try problem(model, ServiceSettings(role: .singleton))
        #expect((problem == nil) == isSettled)
    }
}

/// B5: what ends by itself, and what keeps running.
struct RestartPolicyTests {
    private func inspected(ports: Bool = false, check: String? = nil) throws -> InspectedContainer {
        let config =
            #""Tty": false"# + (ports ? #", "ExposedPorts": {"80/tcp": {}}"# : "")
            + (check.map { #", "Healthcheck": {"Test": ["\#($0)"]}"# } ?? "")
        let text = """
            {"State": {"Status": "running", "ExitCode": 0, "OOMKilled": false, "Pid": 1},
             "RestartCount": 0, "Config": {\(config)}, "HostConfig": {}}
            """
        return try JSONDecoder().decode(InspectedContainer.self, from: Data(text.utf8))
    }

    @Test(
        "B5: other words for an image's program may be work that ends, unless they serve",
        arguments: [
            (["image": "x", "command": ["seed"]], "tentative"),
            (["image": "x", "entrypoint": ["seed"]], "tentative"),
            (["image": "x", "command": ["serve"], "expose": ["80"]], "default"),
            (["image": "x", "command": ["a"], "healthcheck": ["test": ["CMD", "b"]]], "default"),
            (["image": "x"], "default"),
        ] as [(JSONValue, String)])
    func otherWords(_ model: JSONValue, _ label: String) throws {
        let set = try ContainerSet(
            project: Fixture.project(["a": model]), settings: [:], release: Fixture.release)
        let labels = set.colourModel(.blue, addresses: [:])["services"]?["a"]?["labels"]
        #expect(labels?["teal.restart"]?.string == label)
    }

    @Test("B5: what serves comes back at once, what may end by itself when it was seen to stay")
    func steps() throws {
        let job = try inspected()
        #expect(job.policy(by: "default", .started)?.name == "on-failure")
        #expect(job.policy(by: "default", .deployed)?.name == "unless-stopped")
        for server in [try inspected(ports: true), try inspected(check: "CMD")] {
            #expect(server.policy(by: "default", .started)?.name == "unless-stopped")
        }
        let unchecked = try inspected(check: "NONE")
        #expect(unchecked.policy(by: "default", .started)?.name == "on-failure")
        let other = try inspected(ports: true)
        #expect(other.policy(by: "tentative", .started)?.name == "on-failure")
        #expect(other.policy(by: "tentative", .deployed)?.name == "unless-stopped")
        #expect(job.policy(by: "always", .started)?.name == "always")
        #expect(job.policy(by: nil, .deployed) == nil)
    }
}
