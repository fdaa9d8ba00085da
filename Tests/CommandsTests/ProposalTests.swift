import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing

@testable import Commands

@Suite("What teal init proposes")
struct ProposalTests {
    private func roles(_ project: ProjectOutline) throws -> [String: ServiceRole] {
        let services = try ProposalSample.proposal(project).services
        return Dictionary(uniqueKeysWithValues: services.map { ($0.name, $0.role) })
    }

    @Test("The service that publishes a port is exposed, well-known images are shared")
    func roles() throws {
        #expect(
            try roles(ProposalSample.node) == [
                "web": .exposed, "api": .internal, "worker": .internal, "cache": .shared,
                "db": .shared,
            ])
        #expect(try roles(ProposalSample.wordPress) == ["wordpress": .exposed, "db": .shared])
    }

    @Test("B9: what acts by the clock is a singleton, and the release's own tools are internal")
    func ownProgram() throws {
        let roles = try roles(ProposalSample.django)
        #expect(roles["flower"] == .internal)
        #expect(roles["beat"] == .singleton)
        #expect(roles["broker"] == .shared)
    }

    @Test("B1: a stranger that writes, or publishes, is a question and never shared unasked")
    func strangers() throws {
        let project = ProposalSample.project([
            "web": ["image": "web", "ports": ProposalSample.publishing(80, "80")],
            "files": ["image": "files", "volumes": ProposalSample.volume("f", at: "/f")],
            "shop": ["image": "shop", "ports": ProposalSample.publishing(9000, "9000")],
        ])
        let proposal = try ProposalSample.proposal(project, Proposal.Wish(service: "web"))
        #expect(proposal.questions.map(\.service) == ["files", "shop"])
        #expect(proposal.text.contains("  files: {role: undecided}"))
        // The line that check takes.
        #expect(proposal.text.contains("  # files: {volumes: shared}"))
        #expect(try ProposalReview(of: proposal, project).remarks.count == 2)
        #expect(proposal.settled().questions.map(\.service) == ["files"])
        #expect(throws: CommandsError.self) {
            try AppConfiguration(yaml: proposal.text, file: "teal.yml", environment: [:])
        }
    }

    @Test("B6: what depends on a service of the colours is not proposed as shared")
    func leaning() throws {
        let project = ProposalSample.project([
            "front": ["image": "acme/front:1", "ports": ProposalSample.publishing(80, "80")],
            "prometheus": [
                "image": "prom/prometheus:v2",
                "depends_on": ["front": ["condition": "service_started"]],
                "volumes": ProposalSample.volume("p", at: "/prometheus"),
            ],
            "adminer": [
                "image": "adminer", "depends_on": ["front": ["condition": "service_started"]],
            ],
        ])
        let proposal = try ProposalSample.proposal(project)
        let parts = Dictionary(uniqueKeysWithValues: proposal.services.map { ($0.name, $0) })
        #expect(parts["adminer"]?.part == .internal)
        #expect(parts["prometheus"]?.question?.choices == [.singleton, .internal])
    }

    @Test("B3: a tool's name alone does not make a program shared, and mail stays reachable")
    func vagueTools() throws {
        let project = ProposalSample.project([
            "web": ["image": "acme/web:1", "ports": ProposalSample.publishing(80, "80")],
            "exporter": ["image": "acme/exporter:1"],
            "imap": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(993, "993")],
            "redis-exporter": ["image": "oliver006/redis_exporter:v1"],
        ])
        let proposal = try ProposalSample.proposal(project)
        let services = Dictionary(uniqueKeysWithValues: proposal.services.map { ($0.name, $0) })
        #expect(services["exporter"]?.question?.choices == [.shared, .internal])
        #expect(services["exporter"]?.question?.likeliest == nil)
        #expect(services["redis-exporter"]?.part == .shared)
        #expect(services["imap"]?.part == .internal)
        #expect(proposal.questions.map(\.service) == ["exporter", "imap"])
    }

    @Test("B0: a store's word at the beginning of a name is a question")
    func vagueStores() throws {
        let project = ProposalSample.project([
            "web": ["image": "acme/web:1", "ports": ProposalSample.publishing(80, "80")],
            "postgres-meta": ["image": "acme/pgmeta:1"],
        ])
        let proposal = try ProposalSample.proposal(project)
        #expect(proposal.questions.map(\.service) == ["postgres-meta"])
        #expect(proposal.questions.map(\.proposed) == [nil])
    }

    @Test("B7: a dependency that is not among the services keeps nothing from its role")
    func absent() throws {
        let project = ProposalSample.project([
            "web": ["image": "web", "ports": ProposalSample.publishing(80, "80")],
            "db": [
                "image": "postgres",
                "depends_on": ["search": ["condition": "service_started", "required": false]],
            ],
        ])
        #expect(try roles(project) == ["web": .exposed, "db": .shared])
    }

    @Test("B3: names, host ports and tools decide the entrance, and equals are a question")
    func entrance() throws {
        func entrance(_ services: [String: JSONValue]) throws -> ProposedService {
            try ProposalSample.proposal(ProposalSample.project(services)).services[0]
        }
        let named = try entrance([
            "admin-metrics": ["image": "m", "ports": ProposalSample.publishing(9400, "9400")],
            "web": ["image": "s", "ports": ProposalSample.publishing(3000, "3000")],
        ])
        #expect(named.name == "web" && named.question == nil)
        let hosted = try entrance([
            "alpha": ["image": "a", "ports": ProposalSample.publishing(8080, "8080")],
            "zeta": ["image": "z", "ports": ProposalSample.publishing(8080, "80")],
        ])
        #expect(hosted.name == "zeta" && hosted.question == nil)
        #expect(hosted.reasons.first == "host port 80")
        let equal = try entrance([
            "alpha": ["image": "a", "ports": ProposalSample.publishing(8080, "8080")],
            "zeta": ["image": "z", "ports": ProposalSample.publishing(8080, "8081")],
        ])
        #expect(equal.question?.choices == [.exposed(port: 8080), .internal])
        let mail = try entrance([
            "postal": [
                "image": "p",
                "ports": .array(
                    [25, 80].flatMap {
                        ProposalSample.publishing($0, "\($0)").array ?? []
                    }),
            ]
        ])
        #expect(mail.port == 80)
    }

    @Test(
        "B3: the port of a proxy's label or variable is the service's",
        arguments: [
            ["labels": ["traefik.http.services.x.loadbalancer.server.port": "4567"]],
            ["environment": ["VIRTUAL_PORT": "4567"]],
        ] as [JSONValue])
    func labelled(_ own: JSONValue) throws {
        let project = ProposalSample.project(["shop": own, "db": ["image": "postgres"]])
        #expect(try ProposalSample.proposal(project).services[0].part == .exposed(port: 4567))
    }

    @Test(
        "B0: words of names and images say what holds data, and what only deals with it",
        arguments: [
            ("orders-db", "acme/orders-mongodb:1", ServiceKind.store),
            ("users-postgres", "acme/pg:1", .store), ("sessions-redis", "acme/lua:1", .store),
            ("web-db", "x", .store), ("db1", "x", .store),
            ("data", "mcr.microsoft.com/mssql/server:1", .store),
            ("db-migrate", "acme/web:1", .ending),
            ("redis-exporter", "oliver/redis_exporter", .tool),
            ("mongo-express", "mongo-express", .tool), ("db-api", "acme/db-api", .program),
            ("celery-beat", "acme/web", .scheduler), ("scheduler-api", "acme/s", .program),
            ("email-worker", "acme/w", .worker), ("job-portal", "acme/p", .program),
            ("service-registry", "acme/r", .registry), ("registry", "registry:2", .store),
            ("schema-registry", "confluentinc/cp-schema-registry", .store),
            ("createbuckets", "minio/mc", .ending), ("payments", "acme/payments", .program),
        ])
    func kinds(_ name: String, _ image: String, _ kind: ServiceKind) throws {
        let project = ProposalSample.project([name: ["image": .string(image)]])
        let service = try #require(project.services.first)
        let scene = ServiceScene(service, among: [service], of: "shop", ProjectFacts())
        #expect(JudgedService(scene).kind == kind)
    }

    @Test("B2: TLS and debuggers of the exposed service go unpublished, other ports are asked for")
    func furtherPorts() throws {
        func web(_ targets: [Int64]) throws -> Proposal {
            let ports = targets.flatMap {
                ProposalSample.publishing(Int($0), "\($0)").array ?? []
            }
            return try ProposalSample.proposal(
                ProposalSample.project(["web": ["image": "x", "ports": .array(ports)]]))
        }
        #expect(try web([443, 80, 9229]).text.contains("\n    unpublished: [443, 9229]\n"))
        let git = try web([3000, 22])
        #expect(git.text.contains("\n    # unpublished: [22]\n"))
        #expect(git.questions.map(\.proposed) == [.noPorts])
        #expect(git.settled().text.contains("\n    unpublished: [22]\n"))
    }

    @Test("--yes takes one entrance at most, and leaves its rivals open by name")
    func rivals() throws {
        func sites(_ first: JSONValue, _ second: JSONValue) throws -> Proposal {
            try ProposalSample.proposal(ProposalSample.project(["alpha": first, "zeta": second]))
        }
        let near = try sites(
            ["build": ["context": "/a"], "ports": ProposalSample.publishing(8080, "8080")],
            ["build": ["context": "/z"], "ports": ProposalSample.publishing(7070, "8081")])
        #expect(near.questions.map(\.service) == ["alpha", "zeta"])
        let settled = near.settled()
        #expect(settled.services[0].part == .exposed(port: 8080))
        #expect(settled.questions.map(\.service) == ["zeta"])
        #expect(settled.text.contains("\n  zeta: {role: undecided}\n"))
        let words = InitSummary(
            proposal: settled, remarks: [], lines: try Wiring.nginxLines(for: settled), path: nil,
            options: "", decisions: [], notes: [])
        #expect(words.text.hasSuffix("Next: decide about zeta in teal.yml, then `teal check`.\n"))
        let equal = try sites(
            ["image": "a", "ports": ProposalSample.publishing(8080, "8080")],
            ["image": "z", "ports": ProposalSample.publishing(8080, "8081")])
        #expect(equal.settled().questions.map(\.service) == ["alpha", "zeta"])
    }

    @Test("--yes leaves pages beside the site unpublished, and what browsers ask it exposes")
    func sidePages() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/w"], "ports": ProposalSample.publishing(3000, "80")],
            "api": ["build": ["context": "/a"], "ports": ProposalSample.publishing(8000, "8000")],
            "docs": ["build": ["context": "/d"], "ports": ProposalSample.publishing(80, "8082")],
            "swagger": [
                "build": ["context": "/s"], "ports": ProposalSample.publishing(8080, "8083"),
            ],
        ])
        let settled = try ProposalSample.proposal(project).settled()
        let parts = Dictionary(uniqueKeysWithValues: settled.services.map { ($0.name, $0.part) })
        #expect(
            parts == [
                "web": .exposed(port: 3000), "api": .exposed(port: 8000), "docs": .internal,
                "swagger": .internal,
            ])
        #expect(settled.questions.isEmpty)
    }

    @Test("A question is answered by its number, by Return, or not at all")
    func dialogue() throws {
        let project = ProposalSample.project([
            "alpha": [
                "build": ["context": "/a"], "ports": ProposalSample.publishing(8080, "8080"),
            ],
            "zeta": [
                "build": ["context": "/z"], "ports": ProposalSample.publishing(7070, "8081"),
            ],
        ])
        let proposal = try ProposalSample.proposal(project)
        let question = try #require(proposal.questions.first)
        #expect(question.dialogue.contains("  2  alpha: {publish: none}"))
        #expect(question.reading(of: "") == .answer(.part(.exposed(port: 8080))))
        #expect(question.reading(of: " 2 ") == .answer(.part(.internal)))
        #expect(question.reading(of: "0") == .none)
        #expect(question.reading(of: "yes") == .unclear)
        let answered = proposal.answered(
            by: .person { $0.service == "alpha" ? .part(.internal) : nil })
        #expect(answered.questions.map(\.service) == ["zeta"])
        #expect(answered.text.contains("\n  alpha: {publish: none}\n"))
    }

    @Test("The command line names the service and the port")
    func wish() throws {
        let proposal = try ProposalSample.proposal(
            ProposalSample.node, Proposal.Wish(service: "worker", port: 9))
        #expect(proposal.services[0].name == "worker")
        #expect(proposal.services[0].port == 9)
        let port = try ProposalSample.proposal(ProposalSample.node, Proposal.Wish(port: 5000))
        #expect(port.services[0].port == 5000)
    }

    @Test("Where nobody tells a port, the error tells how to")
    func mistakes() {
        let silent = ProposalSample.project([
            "db": ["image": "postgres"], "site": ["image": "a"], "other": ["image": "b"],
        ])
        expect(.noCandidate(services: ["site", "other"]), silent, Proposal.Wish())
        let host = ProposalSample.project(["site": ["image": "a", "network_mode": "host"]])
        expect(.hostNetwork("site"), host, Proposal.Wish())
        expect(.noPort(service: "site"), silent, Proposal.Wish(service: "site"))
        expect(
            .unknownService("sit", nearest: "site", known: ["db", "other", "site"]), silent,
            Proposal.Wish(service: "sit"))
        let front = ProposalSample.project(["_front": ["image": "a", "expose": ["80"]]])
        expect(.unfitName("_front"), front, Proposal.Wish())
    }

    private func expect(
        _ mistake: ProposalMistake, _ project: ProjectOutline, _ wish: Proposal.Wish,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: CommandsError.notProposed(mistake), sourceLocation: sourceLocation) {
            try ProposalSample.proposal(project, wish)
        }
    }

    @Test(
        "A project's name becomes an app's name",
        arguments: [
            ("shop", "shop"), ("My Shop", "myshop"), ("my_shop", "my-shop"),
            ("2048", "app-2048"), ("--", "app"), ("shop.example", "shopexample"),
            (String(repeating: "a", count: 39) + "_b", String(repeating: "a", count: 39)),
            ("Ünï", "n"), ("acme-blue", "acme-blue-app"), ("my-hook", "my-hook"),
        ])
    func names(_ text: String, _ expected: String) {
        #expect(ProposedName(text).app == expected)
        #expect(StrictGrammar.appName.accepts(ProposedName(text).app))
    }

    @Test("Of several ports the one that speaks plain HTTP is taken")
    func plainPort() throws {
        func port(_ targets: [Int64]) throws -> Int? {
            let ports = targets.map { target -> JSONValue in
                ["target": .integer(target), "published": .string("\(target)"), "protocol": "tcp"]
            }
            let project = ProposalSample.project(["web": ["image": "x", "ports": .array(ports)]])
            return try ProposalSample.proposal(project).services[0].port
        }
        #expect(try port([443, 80]) == 80)
        #expect(try port([9443, 8443, 3000]) == 3000)
        #expect(try port([443]) == 443)
    }
}
