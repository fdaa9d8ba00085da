@testable import DockerEngine
@testable import DockerCompose
import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Commands

/// What images say that are on the host.
@Suite("Images as evidence")
struct ImageEvidenceTests {
    private func proposal(
        _ model: JSONValue, keeps places: [String], empty: [String]
    ) throws -> Proposal {
        var project = ProposalSample.project([
            "web": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80")],
            "part": model,
        ])
        for index in project.services.indices where project.services[index].name == "part" {
            project.services[index].hasKnownImage = true
            project.services[index].imageVolumes = places
            project.services[index].emptyVolumes = empty
        }
        return try ProposalSample.proposal(project)
    }

    @Test("An image that keeps data where a store does is one")
    func store() throws {
        let proposal = try proposal(
            ["image": "acme/things:1"], keeps: ["/var/lib/postgresql/data"],
            empty: ["/var/lib/postgresql/data"])
        let part = try #require(proposal.services.first { $0.name == "part" })
        #expect(part.part == .shared && part.question == nil)
        #expect(part.reasons == ["its image keeps data at /var/lib/postgresql/data"])
    }

    @Test("A place where each colour would begin empty is a question with its lines")
    func empty() throws {
        var proposal = try proposal(
            ["image": "acme/things:1"], keeps: ["/state"], empty: ["/state"])
        let question = try #require(proposal.questions.first)
        #expect(question.text.contains("keeps data at /state (VOLUME)"))
        #expect(
            question.choices.map(\.line) == ["part: {volumes: fresh}", "part: {role: shared}"])
        #expect(question.proposed == nil)
        #expect(proposal.settled().questions.map(\.service) == ["part"])
        proposal.settle(question, by: .empty)
        #expect(proposal.text.contains("\n  part: {volumes: fresh}\n"))
        #expect(proposal.questions.isEmpty)
    }

    @Test("Places that begin empty are told with their lines, unless a client of a store has them")
    func told() throws {
        let places = ["/data/configdb", "/data/db"]
        func remarks(_ model: JSONValue) throws -> [String] {
            try ProposalReview(
                of: proposal(model, keeps: places, empty: places),
                ProposalSample.project(["web": ["build": ["context": "/srv"]], "part": model])
            ).remarks.map(\.text)
        }
        let script = try remarks([
            "image": "mongo:7", "command": ["/scripts/rs-init.sh"], "restart": "no",
        ])
        #expect(script.count == 1)
        #expect(
            script[0].contains(
                "`part: {volumes: fresh}` if it may begin empty with each release"))
        #expect(
            try remarks([
                "image": "mongo:7", "command": ["mongosh", "--eval", "rs.initiate()"],
            ]).isEmpty)
    }

    @Test("Nothing is asked of a place where something is mounted")
    func mounted() throws {
        let proposal = try proposal(["image": "acme/things:1"], keeps: ["/state"], empty: [])
        #expect(proposal.questions.isEmpty)
    }

    /// One key holds both, so that a line with one of them would be refused for the other.
    @Test("Where two words about volumes are open, each line that is told has both")
    func bothOpen() throws {
        let model: JSONValue = [
            "build": ["context": "/part"],
            "volumes": [["type": "volume", "source": "files", "target": "/files"]],
        ]
        let review = try ProposalReview(
            of: proposal(model, keeps: ["/cache"], empty: ["/cache"]).settled(),
            ProposalSample.project([
                "web": ["build": ["context": "/srv"]], "part": model,
            ]))
        let lines = review.remarks.flatMap { remark in
            remark.text.split(separator: "`").filter { $0.contains("volumes: ") }
        }
        #expect(!lines.isEmpty && lines.allSatisfy { $0 == "part: {volumes: [shared, fresh]}" })
    }

    @Test("Where a port and a volume are open, each line that is told has a word on both")
    func portAndVolume() throws {
        var project = ProposalSample.project([
            "web": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80")],
            "flower": [
                "build": ["context": "/srv"], "command": ["celery", "flower"],
                "ports": ProposalSample.publishing(5555, "5555"),
                "volumes": [["type": "volume", "source": "media", "target": "/media"]],
            ],
        ])
        project.services.indices.forEach { project.services[$0].emptyVolumes = [] }
        let proposal = try ProposalSample.proposal(project)
        let review = try ProposalReview(of: proposal, project)
        let told =
            review.remarks.flatMap { $0.text.split(separator: "`") }
            + proposal.text.split(
                separator: "\n")
        let lines = told.filter { $0.contains("flower: {") && !$0.contains("role: ") }
        #expect(!lines.isEmpty)
        for line in lines {
            let text = line.drop { $0 != "f" }
            let settings = try AppConfiguration(
                yaml: "app: shop\nservices:\n  web: {port: 3000}\n  \(text)\n", file: "teal.yml",
                environment: [:]
            ).services
            let refused = project.problems(settings).filter { $0.service == "flower" }
            #expect(refused.isEmpty, "\(text)")
        }
    }

    @Test("Both words about volumes stand in one line, also where the service is exposed")
    func both() throws {
        var project = ProposalSample.wordPress
        for index in project.services.indices where project.services[index].name == "wordpress" {
            project.services[index].emptyVolumes = ["/cache"]
        }
        var proposal = try ProposalSample.proposal(project)
        #expect(proposal.text.contains("\n    # volumes: [shared, fresh]\n"))
        #expect(proposal.text.contains("\n    volumes: shared\n"))
        #expect(proposal.text.contains("Let this be the line below if it may begin empty"))
        let question = try #require(proposal.questions.first)
        #expect(proposal.questions.count == 1)
        proposal.settle(question, by: .empty)
        #expect(proposal.text.contains("\n    volumes: [shared, fresh]\n"))
        let read = try AppConfiguration(yaml: proposal.text, file: "teal.yml", environment: [:])
        #expect(read.services["wordpress"]?.volumes == [.shared, .fresh])
    }

    @Test(
        "Without a Docker daemon the compose files are read all the same, and one line says so",
        .enabled(if: ProposalProject.hasCompose, "there is no Compose here"))
    func noDaemon() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/compose.yml"
        try AtomicFile.write(
            "services: {web: {image: none, ports: [80]}}", to: path, access: .ownerOnly)
        let invocation = Invocation(
            environment: [
                "DOCKER_CONFIG": ProposalProject.compose, "PATH": "/usr/bin:/bin",
                "DOCKER_HOST": "unix://\(folder.path)/nobody.sock",
            ], directory: folder.path, standardOutput: .standardOutput,
            standardError: .standardError)
        let outline = try await Wiring.outline(
            app: "shop", [path], [], in: folder.path, invocation, images: .present)
        #expect(outline.services.map(\.name) == ["web"])
        let trouble = try #require(outline.imageTrouble)
        #expect(trouble.contains("nobody.sock") && !trouble.contains("\n"))
        let notes = InitNotes(
            files: try ComposeFiles(named: [], from: folder.path), name: ProposedName("shop"),
            project: outline, folder: folder.path, takenBy: nil)
        #expect(notes.remarks.count == 1 && notes.decisions.isEmpty)
        #expect(notes.remarks[0].contains("(VOLUME), which `teal check` does"))
    }

    @Test(
        "A secret's variable is the one of .env where the environment has none, as in Compose",
        .enabled(if: ProposalProject.hasCompose, "there is no Compose here"))
    func secretsOfFiles() async throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(
            "TOKEN='a$b \"c\"'\nEMPTY=\nBOTH=file\n", to: folder.path + "/.env",
            access: .ownerOnly)
        try AtomicFile.write("TOKEN=other\n", to: folder.path + "/prod.env", access: .ownerOnly)
        let environment = ["DOCKER_CONFIG": ProposalProject.compose, "PATH": "/usr/bin:/bin"]
        let runner = SubprocessCommandRunner()
        let tool = try await ComposeTool.find(
            environment: environment, endpoint: try EngineEndpoint(environment: environment),
            runner: runner)
        let names: Set = ["TOKEN", "EMPTY", "NOT_SET_ANYWHERE"]
        let source = ComposeProject.Source(
            app: "shop", files: [], envFiles: [], directory: folder.path)
        let found = try await source.values(of: names, tool: tool, runner: runner)
        #expect(found == ["TOKEN": "a$b \"c\"", "EMPTY": ""])
        let named = ComposeProject.Source(
            app: "shop", files: [], envFiles: [folder.path + "/prod.env"],
            directory: folder.path)
        let other = try await named.values(of: names, tool: tool, runner: runner)
        #expect(other == ["TOKEN": "other"])
    }
}
