import BlueGreen
import DockerCompose
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

    @Test("What is the release's own program is never shared, though it can write")
    func ownProgram() throws {
        let roles = try roles(ProposalSample.django)
        #expect(roles["flower"] == .internal)
        #expect(roles["beat"] == .singleton)
        #expect(roles["broker"] == .shared)
    }

    @Test("A stranger that writes or publishes is shared, and what it depends on with it")
    func strangers() throws {
        let project = ProposalSample.project([
            "web": ["image": "web", "ports": ProposalSample.publishing(80, "80")],
            "files": ["image": "files", "volumes": ProposalSample.volume("f", at: "/f")],
            "admin": [
                "image": "admin", "ports": ProposalSample.publishing(9000, "9000"),
                "depends_on": ["setup": ["condition": "service_completed_successfully"]],
            ],
            "setup": ["image": "setup"],
        ])
        let proposal = try ProposalSample.proposal(project, Proposal.Wish(service: "web"))
        let parts = Dictionary(
            uniqueKeysWithValues: proposal.services.map { ($0.name, $0.part) })
        #expect(
            parts == [
                "web": .exposed(port: 80), "files": .shared(.writes),
                "admin": .shared(.publishes(port: "9000")), "setup": .shared(.neededBy("admin")),
            ])
        #expect(proposal.otherExposed.map(\.name) == ["admin"])
        #expect(try ProposalReview(of: proposal.text, project).remarks.isEmpty)
    }

    @Test("Of several that could be reached, what the others ask for comes last")
    func ranking() throws {
        let project = ProposalSample.project([
            "api": ["image": "a", "ports": ProposalSample.publishing(1, "1")],
            "front": [
                "image": "f", "ports": ProposalSample.publishing(2, "2"),
                "depends_on": ["api": ["condition": "service_started"]],
            ],
            "about": ["image": "b", "expose": ["3"]],
        ])
        #expect(try ProposalSample.proposal(project).services[0].name == "front")
    }

    @Test("A tool comes last, and a service is known by its name as well as by its image")
    func tools() throws {
        let project = ProposalSample.project([
            "adminer": ["image": "adminer", "ports": ProposalSample.publishing(8080, "8081")],
            "kafka": ["image": "own", "volumes": ProposalSample.volume("k", at: "/k")],
            "site": ["image": "own", "ports": ProposalSample.publishing(80, "80")],
        ])
        #expect(
            try roles(project) == ["site": .exposed, "kafka": .shared, "adminer": .shared])
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
        expect(.noCandidate(services: ["other", "site"]), silent, Proposal.Wish())
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
