import BlueGreen
import DockerEngine
import FoundationEssentials
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Lines that teal init tells, and that hold")
struct InitAdviceTests {
    private func services(_ proposal: Proposal) -> [String: ProposedService] {
        Dictionary(uniqueKeysWithValues: proposal.services.map { ($0.name, $0) })
    }

    private func waiting(for name: String) -> JSONValue {
        .object([name: ["condition": "service_started"]])
    }

    private func summary(_ proposal: Proposal) throws -> String {
        InitSummary(
            proposal: proposal, remarks: [], lines: try Wiring.nginxLines(for: proposal),
            path: nil, options: "", decisions: [], notes: []
        ).text
    }

    @Test("A worker that writes is offered what the refusal offers, in its order")
    func writers() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/w"], "ports": ProposalSample.publishing(80, "80")],
            "worker": [
                "build": ["context": "/w"], "volumes": ProposalSample.volume("x", at: "/state"),
            ],
        ])
        let proposal = try ProposalSample.proposal(project)
        let told = proposal.questions.first { $0.service == "worker" }?.choices.map(\.line)
        let refused = project.problems(["web": ServiceSettings(port: 80)])
            .filter { $0.service == "worker" }.flatMap(\.remedies).map(\.line)
        #expect(told == refused)
        #expect(told?.last == "worker: {role: shared}")
        #expect(proposal.text.contains("a deploy never replaces it"))
    }

    @Test("A proxy that links to the release is not offered to be shared, and check agrees")
    func proxies() throws {
        for image in ["steveltn/https-portal:1", "traefik:3"] {
            let project = ProposalSample.project([
                "outline": [
                    "image": "outlinewiki/outline",
                    "ports": ProposalSample.publishing(3000, "3000"),
                    "labels": ["traefik.enable": "true"],
                ],
                "portal": [
                    "image": .string(image), "depends_on": waiting(for: "outline"),
                    "ports": ProposalSample.publishing(80, "80"),
                ],
            ])
            let question = try #require(
                try ProposalSample.proposal(project).questions.first { $0.service == "portal" })
            #expect(question.choices.map(\.answer) == [.part(.internal)])
            #expect(question.text.contains("It depends on outline"))
            #expect(!question.text.contains("leave one of it"))
        }
    }

    @Test("A stranger that depends on the release is in each colour, without a question")
    func strangers() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/w"], "ports": ProposalSample.publishing(80, "80")],
            "mirror": ["image": "acme/mirror", "depends_on": waiting(for: "web")],
            "other": ["image": "acme/other"],
        ])
        let proposal = try ProposalSample.proposal(project)
        #expect(services(proposal)["mirror"]?.part == .internal)
        #expect(proposal.questions.map(\.service) == ["other"])
        #expect(proposal.questions[0].text.contains("Shared: one for both"))
    }

    @Test("A sign-on server alone is the entrance, at its own port")
    func signOn() throws {
        let project = ProposalSample.project([
            "keycloak": [
                "image": "quay.io/keycloak/keycloak:23.0.6", "command": ["start"],
                "ports": ProposalSample.publishing(8080, "8080"),
                "depends_on": waiting(for: "postgres"),
            ],
            "postgres": ["image": "postgres:16"],
        ])
        let proposal = try ProposalSample.proposal(project)
        #expect(services(proposal)["keycloak"]?.part == .exposed(port: 8080))
        #expect(services(proposal)["postgres"]?.part == .shared)
        #expect(proposal.questions.isEmpty)
    }

    @Test("Another store alone is named with its own port")
    func storeAlone() {
        let project = ProposalSample.project([
            "registry": ["image": "registry:2", "ports": ProposalSample.publishing(5000, "5000")]
        ])
        let error = #expect(throws: CommandsError.self) { try ProposalSample.proposal(project) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("`teal init --service registry --port 5000`"))
    }

    @Test("Where nothing speaks HTTP no port is made up")
    func mail() {
        let ports = [25, 143, 587].flatMap {
            ProposalSample.publishing($0, "\($0)").array ?? []
        }
        let project = ProposalSample.project([
            "mailserver": ["image": "mailserver/docker-mailserver", "ports": .array(ports)]
        ])
        let mistake = ProposalMistake.noHTTP([
            ProposalMistake.OtherProtocol(service: "mailserver", ports: [25, 143, 587])
        ])
        #expect(throws: CommandsError.notProposed(mistake)) {
            try ProposalSample.proposal(project)
        }
        #expect(!mistake.description.contains("8080"))
        #expect(mistake.description.hasPrefix("Teal moves HTTP traffic behind nginx"))
    }

    @Test("nginx's lines have one `location /`, and none for what is undecided")
    func locations() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/w"], "ports": ProposalSample.publishing(3000, "80")],
            "api": ["build": ["context": "/a"], "ports": ProposalSample.publishing(8000, "8000")],
            "chat": ["image": "acme/chat", "ports": ProposalSample.publishing(8001, "8001")],
        ])
        let proposal = try ProposalSample.proposal(project).settled()
        #expect(proposal.questions.map(\.service) == ["chat"])
        let text = try summary(proposal)
        #expect(text.components(separatedBy: "    location / {").count == 2)
        #expect(text.contains("    location /api/ { include "))
        #expect(!text.contains("chat.conf"))
        #expect(text.contains("A line for chat belongs there once it is decided"))
    }

    @Test("A port that the host no longer has is told beside its service")
    func dropped() throws {
        let ports = [3000, 22].flatMap { ProposalSample.publishing($0, "\($0)").array ?? [] }
        let project = ProposalSample.project(["web": ["image": "x", "ports": .array(ports)]])
        let proposal = try ProposalSample.proposal(project)
        #expect(try !summary(proposal).contains("without the host's port"))
        #expect(try summary(proposal.settled()).contains(", without the host's port 22\n"))
    }

    @Test("A reason is true: what follows the end, and whether data is known")
    func reasons() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/w"], "ports": ProposalSample.publishing(80, "80")],
            "migrate": ["build": ["context": "/w"], "restart": "on-failure"],
            "cache": ["image": "redis:7", "depends_on": waiting(for: "web")],
        ])
        let services = services(try ProposalSample.proposal(project))
        #expect(services["migrate"]?.reasons.contains("restart: on-failure") == true)
        let question = try #require(services["cache"]?.question)
        #expect(question.text.hasPrefix("cache is a store (image redis) and depends on web"))
    }

    @Test("A row's reason names the name, and an answer is one")
    func rows() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/w"], "ports": ProposalSample.publishing(80, "80")],
            "kibana": ["image": "kibana:8"],
            "flower": ["image": "acme/thing"],
            "imgproxy": [
                "image": "darthsim/imgproxy:3", "ports": ProposalSample.publishing(8080, "8081"),
            ],
        ])
        let proposal = try ProposalSample.proposal(project)
        #expect(services(proposal)["kibana"]?.reasons == ["image kibana", "called kibana"])
        #expect(
            services(proposal)["flower"]?.question?.text.contains("a tool (called flower)") == true)
        let settled = proposal.settled()
        #expect(services(settled)["imgproxy"]?.reasons == ["image imgproxy"])
        let answered = proposal.answered(
            by: .person { $0.service == "flower" ? .part(.shared) : nil })
        #expect(services(answered)["flower"]?.reasons == ["as answered"])
    }

    @Test("The source tree over the image's files is told")
    func sources() throws {
        let project = ComposeProject(
            app: "shop",
            model: [
                "services": [
                    "laravel.test": [
                        "build": ["context": "/srv/shop/vendor/sail"],
                        "ports": ProposalSample.publishing(80, "80"),
                        "volumes": ProposalSample.volume(
                            "/srv/shop", at: "/var/www/html", type: "bind"),
                    ]
                ]
            ], directory: "/srv/shop"
        ).outline
        let asides = try ProposalSample.proposal(project).asides
        #expect(asides.count == 1)
        #expect(asides.first?.contains("a rollback does not bring the old ones back") == true)
    }

    @Test("A shared database without a named volume is told, and one with a volume is not")
    func unnamedVolumes() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/w"], "ports": ProposalSample.publishing(80, "80")],
            "postgres": ["image": "postgres:17"],
            "mysql": [
                "image": "mysql:8", "volumes": ProposalSample.volume("x", at: "/var/lib/mysql"),
            ],
            "redis": ["image": "redis:7"],
            "mongo": ["image": "mongo:7", "volumes": [["type": "volume", "target": "/data/db"]]],
        ])
        let asides = try ProposalSample.proposal(project).asides
        #expect(asides.count == 2)
        #expect(asides.contains { $0.hasPrefix("mongo keeps its data at /data/db in a volume") })
        #expect(asides.contains { $0.hasPrefix("postgres keeps its data in a volume without") })
    }

    @Test("A port of the command line that the compose file does not know is told")
    func otherPort() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(
            "services: {}", to: folder.path + "/compose.yml", access: .ownerOnly)
        let files = try ComposeFiles(named: [], from: folder.path)
        func decisions(_ port: Int) -> [String] {
            InitNotes(
                files: files, name: ProposedName("shop"), project: ProposalSample.node,
                folder: files.directory, takenBy: nil, wish: ("web", port)
            ).decisions
        }
        #expect(decisions(3000).isEmpty)
        #expect(decisions(9999).first?.contains("the compose file tells of 3000") == true)
    }
}
