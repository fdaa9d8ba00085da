import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing

@testable import Commands

/// Programs of others beside a release of one's own.
@Suite("What teal init makes of others' programs")
struct GuestTests {
    private static let api: JSONValue = [
        "build": ["context": "/api"], "ports": ProposalSample.publishing(3000, "3000"),
    ]

    private func proposal(
        _ services: [String: JSONValue], _ facts: ProjectFacts = ProjectFacts()
    ) throws -> Proposal {
        try Proposal(ProposalSample.project(services), Proposal.Wish(), composeFiles: [], facts)
    }

    private func part(_ name: String, of proposal: Proposal) throws -> ProposedService {
        try #require(proposal.services.first { $0.name == name })
    }

    @Test(
        "Beside what is built here another's program is not the entrance, however it is called",
        arguments: ["fleet-server", "queue-ui", "portal"])
    func entrance(name: String) throws {
        let guest: JSONValue = [
            "image": "others/thing:1", "ports": ProposalSample.publishing(8080, "8080"),
        ]
        let proposal = try proposal(["api": Self.api, name: guest])
        #expect(proposal.services[0].part == .exposed(port: 3000))
        #expect(proposal.settled().questions.map(\.service) == [name])
        // Where nothing is built it may well be.
        let alone = try self.proposal([name: guest, "api": ["image": "others/api:1"]])
        #expect(alone.services[0].part == .exposed(port: 8080))
    }

    @Test("A variable called after its image says nothing of the release, and TAG does")
    func versions() throws {
        let queue: JSONValue = ["image": "flowworks/queue:1"]
        for (variable, isAsked) in [("FLOWWORKS_QUEUE_VERSION", true), ("TAG", false)] {
            let facts = ProjectFacts(imageVariables: ["queue-thing": [variable]])
            let proposal = try proposal(["api": Self.api, "queue-thing": queue], facts)
            #expect(
                (try part("queue-thing", of: proposal).question != nil) == isAsked, "\(variable)")
        }
    }

    @Test("What nothing identifies is a question, and a remark where its image keeps no data")
    func strangers() throws {
        var project = ProposalSample.project(["api": Self.api, "thing": ["image": "others/thing"]])
        let asked = try ProposalSample.proposal(project)
        #expect(try part("thing", of: asked).question?.choices == [.shared, .internal])
        #expect(asked.settled().questions.map(\.service) == ["thing"])
        for index in project.services.indices { project.services[index].hasKnownImage = true }
        let seen = try ProposalSample.proposal(project)
        #expect(try part("thing", of: seen).question == nil)
        #expect(try part("thing", of: seen).remark?.contains("Nothing tells what it is") == true)
        let known = try proposal(["api": Self.api, "pdf": ["image": "gotenberg/gotenberg:8"]])
        #expect(known.questions.isEmpty)
    }

    @Test("What is called as a store is not the entrance by its port")
    func storeNames() throws {
        let proposal = try proposal([
            "redis": [
                "image": "others/redis-http", "ports": ProposalSample.publishing(80, "8079"),
            ],
            "keydb": ["image": "eqalpha/keydb"],
            "next": [
                "image": "acme/next", "ports": ProposalSample.publishing(3456, "3456"),
            ],
        ])
        #expect(proposal.services[0].name == "next")
    }

    @Test("A second service that a proxy's label names is a question, and its label the answer")
    func routed() throws {
        func labelled(_ name: String, _ port: String) -> JSONValue {
            [
                "build": ["context": .string("/\(name)")],
                "labels": [
                    "traefik.enable": "true",
                    "traefik.http.services.\(name).loadbalancer.server.port": .string(port),
                ],
            ]
        }
        let proposal = try proposal([
            "frontend": labelled("frontend", "80"), "backend": labelled("backend", "8000"),
        ])
        #expect(proposal.services[0].part == .exposed(port: 80))
        let backend = try part("backend", of: proposal)
        #expect(backend.question?.text.contains("its port 8000 (a label of Traefik)") == true)
        #expect(backend.question?.likeliest == .exposed(port: 8000))
    }

    @Test("A line of a cron table, and what cleans up, runs in one colour at a time")
    func cron() throws {
        let job: JSONValue = [
            "build": ["context": "/job"], "command": ["\"55 23 * * * tool cleanup\""],
        ]
        let proposal = try proposal([
            "api": Self.api, "nights": job, "cleanup": ["build": ["context": "/c"]],
            "count": ["build": ["context": "/n"], "command": ["run", "1", "2", "3", "4", "5"]],
        ])
        #expect(try part("nights", of: proposal).part == .singleton)
        #expect(
            try part("nights", of: proposal).reasons.first
                == "command has a line of a cron table")
        #expect(try part("cleanup", of: proposal).part == .singleton)
        #expect(try part("count", of: proposal).part == .internal)
    }

    @Test("Another program of a store's image, for which only stores wait, is shared with them")
    func storeSetup() throws {
        let proposal = try proposal([
            "api": Self.api,
            "setup": [
                "image": "elasticsearch:8", "command": ["bash", "-c", "certutil"],
                "volumes": ProposalSample.volume("certs", at: "/certs"),
                "healthcheck": ["test": ["CMD-SHELL", "test -f /certs/ca"]],
            ],
            "es": [
                "image": "elasticsearch:8",
                "depends_on": ["setup": ["condition": "service_healthy"]],
            ],
            "kibana": [
                "image": "kibana:8", "depends_on": ["es": ["condition": "service_healthy"]],
            ],
        ])
        for name in ["setup", "es", "kibana"] {
            #expect(try part(name, of: proposal).part == .shared, "\(name)")
        }
        #expect(proposal.questions.isEmpty)
    }

    @Test("A database in a file is no reason for two writers, whoever else writes there")
    func filedDatabase() throws {
        let data = ProposalSample.volume("state", at: "/data")
        let proposal = try proposal([
            "web": [
                "build": ["context": "/w"], "ports": ProposalSample.publishing(3000, "80"),
                "volumes": data, "environment": ["DATABASE_URL": "file:/data/app.db"],
            ], "jobs": ["build": ["context": "/j"], "volumes": data],
        ])
        #expect(try part("web", of: proposal).data?.reason == nil)
        #expect(proposal.settled().questions.map(\.service).contains("web"))
    }

    @Test("Work that may outlast its deployment is told to say so, unless the file does")
    func endings() throws {
        func remark(_ more: [String: JSONValue]) throws -> String? {
            let job: [String: JSONValue] = ["build": ["context": "/j"]]
            return try part(
                "migrate",
                of: proposal(["api": Self.api, "migrate": .object(job.merging(more) { $1 })])
            ).remark
        }
        #expect(try remark([:])?.contains("`restart: \"no\"` in the compose file") == true)
        #expect(try remark(["restart": "no"]) == nil)
    }

    @Test("Another program of the entrance's own image is the release's, and not asked about")
    func entranceImage() throws {
        let image: JSONValue = "appwrite/appwrite:1.6.1"
        let project = ProposalSample.project([
            "appwrite": ["image": image, "ports": ProposalSample.publishing(80, "80")],
            "appwrite-builds": [
                "image": image, "command": ["builds"],
                "volumes": ProposalSample.volume("functions", at: "/storage/functions"),
            ],
            "executor": ["image": "openruntimes/executor:1"],
        ])
        let services = try ProposalSample.proposal(project).services
        let builds = try #require(services.first { $0.name == "appwrite-builds" })
        #expect(builds.part == .internal && builds.question == nil)
        #expect(builds.reasons == ["the same image as appwrite"])
    }

    @Test("--yes does not cut off what is reached past nginx")
    func outside() throws {
        let ports: JSONValue = [
            ["mode": "ingress", "target": 7777, "published": "7777", "protocol": "udp"]
        ]
        let proposal = try proposal([
            "api": Self.api, "match": ["build": ["context": "/m"], "ports": ports],
        ])
        #expect(proposal.settled().questions.map(\.service) == ["match"])
    }
}
