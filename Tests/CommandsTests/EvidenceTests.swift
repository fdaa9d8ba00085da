import BlueGreen
import DockerCompose
import Orchestration
import Testing

@testable import Commands

/// One service beside a `web` that visitors reach, and what it is proposed as.
@Suite("Evidence of what a service is")
struct EvidenceTests {
    private func proposed(
        _ name: String, _ model: JSONValue, askedBy environment: JSONValue = [:]
    ) throws -> ProposedService {
        let project = ProposalSample.project([
            "web": [
                "build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80"),
                "environment": environment,
            ], name: model,
        ])
        return try #require(
            try ProposalSample.proposal(project).services.first { $0.name == name })
    }

    @Test(
        "B0: a store's image is a store, whatever the service is called",
        arguments: ["redis-service", "db-app", "redis-api", "redis-worker"])
    func misnamed(name: String) throws {
        let service = try proposed(name, ["image": "redis:7"])
        #expect(service.part == .shared)
        #expect(service.question == nil)
    }

    @Test("B0: another program of a store's image is none")
    func workOnStore() throws {
        let backup = try proposed(
            "db-backup", ["image": "postgres:17", "command": ["pg_dump", "shop"]])
        #expect(backup.part != .shared || backup.question != nil)
    }

    @Test("B0: who others ask as a store is one, and so is what has a store's variables or port")
    func neutralNames() throws {
        let address: JSONValue = ["DATABASE_URL": "postgres://u:p@meta:5432/x"]
        #expect(try proposed("meta", ["image": "acme/meta:1"], askedBy: address).part == .shared)
        #expect(try proposed("meta", ["image": "acme/meta:1"]).part == .internal)
        let variables: JSONValue = ["RABBITMQ_DEFAULT_USER": "u"]
        let hub: JSONValue = ["image": "acme/hub:1", "environment": variables]
        #expect(try proposed("hub", hub).part == .shared)
        #expect(try proposed("queries", ["image": "acme/q:1", "expose": ["5432"]]).part == .shared)
    }

    @Test("B1: a word that other things are called by is a question for a part of the release")
    func namesakes() throws {
        for name in ["vault", "garage", "mortgage-broker"] {
            let service = try proposed(name, ["build": ["context": .string("/srv/\(name)")]])
            #expect(service.question?.hasProposal == false, "\(name)")
        }
        #expect(try proposed("users-postgres", ["build": ["context": "/pg"]]).question == nil)
    }

    @Test("B1: a health check that asks another makes no store")
    func healthElsewhere() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80")],
            "db": ["image": "postgres:17"],
            "api": [
                "build": ["context": "/api"],
                "healthcheck": ["test": ["CMD-SHELL", "pg_isready -h db"]],
            ],
        ])
        let services = try ProposalSample.proposal(project).services
        #expect(services.first { $0.name == "api" }?.part == .internal)
    }

    @Test(
        "B9: a worker or a loop that acts by the clock is a singleton",
        arguments: [
            ("celery", ["celery", "-A", "x", "worker", "-B"]),
            ("background", ["python", "manage.py", "runapscheduler"]),
            ("task-scheduler-functions", []), ("nightly", ["/opt/housekeeping.sh"]),
        ])
    func clocks(name: String, command: [String]) throws {
        let service = try proposed(
            name,
            [
                "build": ["context": "/srv"],
                "command": .array(command.map(JSONValue.string)),
            ])
        #expect(service.part == .singleton)
    }

    @Test("B3: where visitors arrive is the entrance, though its name says something else")
    func arrivals() throws {
        let jobs = ProposalSample.project([
            "jobs": [
                "build": ["context": "/jobs"], "ports": ProposalSample.publishing(8080, "80"),
            ],
            "admin": [
                "build": ["context": "/admin"], "ports": ProposalSample.publishing(8080, "8081"),
            ],
        ])
        #expect(
            try ProposalSample.proposal(jobs).services.first { $0.name == "jobs" }?.port == 8080)
        let page = ProposalSample.project([
            "nocodb": [
                "image": "nocodb/nocodb:1", "ports": ProposalSample.publishing(8080, "8080"),
            ],
            "db": ["image": "postgres:17"],
        ])
        #expect(
            try ProposalSample.proposal(page).services.first { $0.name == "nocodb" }?.port == 8080)
    }
}
