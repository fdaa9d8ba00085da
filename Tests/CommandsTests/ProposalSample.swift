import DockerCompose
import DockerEngine
import Orchestration

@testable import Commands

/// Compose projects as `docker compose config` prints them, for what `teal init` makes of them.
enum ProposalSample {
    static func project(_ services: [String: JSONValue], app: String = "shop") -> ProjectOutline {
        ComposeProject(app: app, model: ["name": .string(app), "services": .object(services)])
            .outline
    }

    static func publishing(_ target: Int, _ published: String) -> JSONValue {
        [
            [
                "mode": "ingress", "target": .integer(Int64(target)),
                "published": .string(published), "protocol": "tcp",
            ]
        ]
    }

    static func volume(_ source: String, at target: String, type: String = "volume") -> JSONValue {
        [["type": .string(type), "source": .string(source), "target": .string(target)]]
    }

    static let wordPress = project([
        "db": ["image": "mysql:8", "volumes": volume("db", at: "/var/lib/mysql")],
        "wordpress": [
            "image": "wordpress:6", "depends_on": ["db": ["condition": "service_started"]],
            "ports": publishing(80, "8080"), "volumes": volume("wp", at: "/var/www/html"),
        ],
    ])

    /// Its folder says nothing, and its records are in the database.
    static let archive = project([
        "db": ["image": "mysql:8", "volumes": volume("db", at: "/var/lib/mysql")],
        "web": [
            "build": ["context": "/srv"], "depends_on": ["db": ["condition": "service_started"]],
            "ports": publishing(8000, "8080"), "volumes": volume("state", at: "/state"),
        ],
    ])

    static let node = project([
        "api": ["build": ["context": "/srv/api"], "expose": ["4000"]],
        "cache": ["image": "redis:7-alpine"],
        "db": ["image": "registry.example/library/postgres:17"],
        "web": [
            "build": ["context": "/srv/web"], "ports": publishing(3000, "3000"),
            "healthcheck": ["test": ["CMD", "node", "health.js"]],
        ],
        "worker": ["build": ["context": "/srv/api"]],
    ])

    static let django = project([
        "beat": [
            "build": ["context": "/srv"], "volumes": volume("/srv", at: "/app", type: "bind"),
        ],
        "broker": ["image": "rabbitmq:4-management", "ports": publishing(15672, "15672")],
        "flower": [
            "build": ["context": "/srv"], "volumes": volume("/srv", at: "/app", type: "bind"),
        ],
        "web": ["build": ["context": "/srv"], "ports": publishing(8000, "8000")],
    ])

    static func proposal(
        _ project: ProjectOutline, _ wish: Proposal.Wish = Proposal.Wish(),
        composeFiles: [String] = []
    ) throws(CommandsError) -> Proposal {
        try Proposal(project, wish, composeFiles: composeFiles)
    }
}
