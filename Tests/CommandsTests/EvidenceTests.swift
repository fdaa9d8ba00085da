import BlueGreen
import DockerCompose
import DockerEngine
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
            #expect(service.question?.choices == [.shared, .internal], "\(name)")
            #expect(service.question?.likeliest == nil, "\(name)")
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
            ("periodic-tasks", []), ("timers", []), ("nightly", ["manage.py", "runcrons"]),
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

    private static let hourly =
        "while true; do python send_digest.py; sleep 3600; done"

    @Test(
        "The clock is known by a command's word, the build, a loop that sleeps, and a variable",
        arguments: [
            ["command": ["node", "dist/cronjobs.js"]], ["command": ["npm", "run", "crons"]],
            ["command": ["python", "-m", "app.schedulers"]],
            ["command": ["python", "manage.py", "run_clock"]],
            ["command": ["sh", "-c", .string(EvidenceTests.hourly)]],
            ["build": ["context": "/srv/cron"]],
            ["build": ["context": "/srv", "dockerfile": "Dockerfile.cron"]],
            ["build": ["context": "/srv", "target": "scheduler"]],
            ["environment": ["SCHEDULE": "@hourly"]],
            ["environment": ["CRON_SCHEDULE": "0 3 * * *"]],
        ] as [[String: JSONValue]])
    func hiddenClocks(model: [String: JSONValue]) throws {
        var whole: [String: JSONValue] = ["build": ["context": "/srv"]]
        for (key, value) in model { whole[key] = value }
        let service = try proposed("nightly", .object(whole))
        #expect(service.part == .singleton)
    }

    @Test("A loop that waits for seconds, and one that others ask, do not act by the clock")
    func noClocks() throws {
        let waiting: JSONValue = [
            "build": ["context": "/srv"],
            "command": ["sh", "-c", "while ! nc -z db 1; do sleep 1; done; node main.js"],
        ]
        #expect(try proposed("mailer", waiting).part == .internal)
        let asked = try proposed(
            "slots", ["build": ["context": "/srv/scheduler"]],
            askedBy: ["SLOTS": "http://slots:4000"])
        #expect(asked.part == .internal)
    }

    @Test(
        "A tool that acts by the clock, and depends on the release, runs in one colour at a time",
        arguments: [
            "mcuadros/ofelia:0.3", "offen/docker-volume-backup:v2", "containrrr/watchtower",
        ]
    )
    func actingTools(image: String) throws {
        let service = try proposed(
            "jobs",
            [
                "image": .string(image),
                "depends_on": ["web": ["condition": "service_started"]],
            ])
        #expect(service.part == .singleton)
    }

    @Test(
        "A client of a store's image is no store, whatever it is called",
        arguments: [
            ("postgres:16", ["psql", "-U", "postgres", "-h", "db", "-f", "/sql/up.sql"]),
            ("postgres:16", ["sh", "-c", "until pg_isready -h db; do :; done; psql -h db"]),
            ("mysql:8", ["mysql", "-h", "db", "-e", "source /up.sql"]),
            ("mongo:7", ["mongosh", "--host", "db", "--eval", "rs.initiate()"]),
            ("clickhouse/clickhouse-server", ["clickhouse", "client", "--queries-file", "x.sql"]),
            ("postgres:16", ["sh", "-c", "sleep 3; psql -h db -f /sql/views.sql"]),
            ("postgres:16", ["bash", "-c", "until pg_isready -h db; do sleep 1; done; psql"]),
            ("confluentinc/cp-kafka", ["kafka-topics", "--bootstrap-server", "kafka:9092"]),
            ("cockroachdb/cockroach", ["init", "--insecure", "--host=roach"]),
            ("postgres:16", ["gosu", "postgres", "psql", "-h", "db", "-f", "/x.sql"]),
            ("postgres:16", ["timeout", "60", "psql", "-h", "db", "-f", "/x.sql"]),
            ("postgres:16", ["/wait-for-it.sh", "db:5432", "--", "psql", "-h", "db"]),
            ("postgres:16", ["sh", "-c", "echo start; psql -h db -f /x.sql"]),
            ("postgres:16", ["sh", "-c", "psql -h db -f /x.sql > /log 2>&1 && echo ok"]),
            ("postgres:16", ["bash", "/scripts/load.sh"]), ("mongo:7", ["/scripts/rs-init.sh"]),
        ])
    func storeClients(image: String, command: [String]) throws {
        let service = try proposed(
            "schema",
            [
                "image": .string(image), "command": .array(command.map(JSONValue.string)),
                "restart": "no",
            ])
        #expect(service.part == .internal)
        #expect(service.question == nil)
        #expect(service.belonging == .oneShot)
    }

    @Test(
        "What a store's image goes on doing does not end",
        arguments: ["while true; do psql -h db -f /x.sql; sleep 3600; done", "psql; sleep 60"])
    func goingOn(script: String) throws {
        let service = try proposed(
            "reports",
            ["image": "postgres:16", "command": ["sh", "-c", .string(script)]])
        #expect(service.belonging != .oneShot)
    }

    @Test(
        "A store that a script of one's own starts is one",
        arguments: [
            ["restart": "always"], ["restart": "no", "command": ["/custom-entrypoint.sh"]],
            [
                "restart": "on-failure",
                "volumes": ProposalSample.volume("pg", at: "/var/lib/postgresql/data"),
            ],
        ] as [[String: JSONValue]])
    func storeByScript(more: [String: JSONValue]) throws {
        let model: [String: JSONValue] = [
            "image": "postgres:16", "command": ["/scripts/tuned.sh"],
        ]
        let service = try proposed("records", .object(model.merging(more) { $1 }))
        #expect(service.part == .shared)
    }

    @Test(
        "A store that its command starts beside a client is one, by whatever name",
        arguments: [
            ("mongo:7", "mongod --replSet rs0 & sleep 5; mongosh --eval x; wait"),
            ("mysql:8", "mysqld_safe & sleep 10; mysql < /x.sql; wait"),
            ("cassandra:5", "cassandra -R & sleep 60; cqlsh -f /x.cql; wait"),
            ("influxdb:2", "influxd & sleep 5; influx setup; wait"),
            ("mcr.example/mssql/server", "/opt/mssql/bin/sqlservr & sleep 30; sqlcmd -i x; wait"),
            ("neo4j:5", "neo4j console & sleep 9; cypher-shell -f /x; wait"),
        ])
    func storeWithClient(image: String, script: String) throws {
        let service = try proposed(
            "records",
            [
                "image": .string(image), "restart": "always",
                "command": ["bash", "-c", .string(script)],
            ])
        #expect(service.part == .shared)
    }

    @Test("A store's image with a port, a check or data is no client, whatever its command is")
    func heldLikeStore() throws {
        let held: [[String: JSONValue]] = [
            ["healthcheck": ["test": ["CMD", "true"]]],
            ["expose": ["5432"]],
            ["volumes": ProposalSample.volume("pg", at: "/var/lib/postgresql/data")],
        ]
        for more in held {
            let model: [String: JSONValue] = [
                "image": "postgres:16", "command": ["sh", "-c", "/tuned; psql -f /x.sql; /hold"],
            ]
            let service = try proposed("records", .object(model.merging(more) { $1 }))
            #expect(service.part == .shared, "\(more)")
        }
    }

    @Test(
        "A store that is built here is known by a word, without its numbers",
        arguments: [
            "product-solr", "solr9", "search-typesense", "vec-weaviate", "jobs-beanstalkd",
            "main-activemq", "acme-cassandra", "llm-ollama", "orders-eventstore", "ldap", "mq",
            "objects-s3",
        ])
    func builtStores(name: String) throws {
        let service = try proposed(name, ["build": ["context": .string("/srv/\(name)")]])
        #expect(service.part == .shared)
    }

    private func entrance(_ services: [String: JSONValue]) throws -> ProposedService {
        try #require(
            try ProposalSample.proposal(ProposalSample.project(services)).services.first {
                $0.port != nil
            })
    }

    @Test("What is built here is the entrance before another's page and before its own admin page")
    func builtEntrances() throws {
        let chat = try entrance([
            "chat": ["build": ["context": "/c"], "ports": ProposalSample.publishing(8501, "8501")],
            "metabase": [
                "image": "metabase/metabase:v0.50.0",
                "ports": ProposalSample.publishing(3000, "3000"),
            ],
        ])
        #expect(chat.name == "chat")
        let agent = try entrance([
            "agent": ["build": ["context": "/a"], "ports": ProposalSample.publishing(8000, "80")],
            "admin-ui": [
                "build": ["context": "/u"], "ports": ProposalSample.publishing(3000, "3000"),
            ],
        ])
        #expect(agent.name == "agent")
    }

    @Test("A port at any free one of the host, beside a fixed one, is not for visitors by --yes")
    func anyPort() throws {
        let project = ProposalSample.project([
            "frontend": [
                "build": ["context": "/f"], "ports": ProposalSample.publishing(8080, "8080"),
            ],
            "cart": ["build": ["context": "/c"], "ports": [["target": 7070, "protocol": "tcp"]]],
        ])
        let cart = try ProposalSample.proposal(project).settled().services
            .first { $0.name == "cart" }
        #expect(cart?.port == nil)
    }

    @Test("A port for the host itself takes part in no pair of pages")
    func loopback() throws {
        let project = ProposalSample.project([
            "api": [
                "build": ["context": "/a"], "ports": ProposalSample.publishing(8080, "8080"),
            ],
            "codec-server": [
                "build": ["context": "/c"],
                "ports": [
                    [
                        "target": 8234, "published": "8234", "protocol": "tcp",
                        "host_ip": "127.0.0.1",
                    ]
                ],
            ],
        ])
        let best = try #require(
            try ProposalSample.proposal(project).services.first { $0.port != nil })
        #expect(best.name == "api")
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

    @Test(
        "An ending goes before a store's word",
        arguments: [
            ("seed-postgres", ["image": "acme/seeder:1"]),
            ("populate-mysql", ["build": ["context": "/srv"], "restart": "no"]),
            ("import-mongo", ["image": "acme/tools:1", "command": ["mongoimport", "x.json"]]),
            ("load-redis", ["image": "acme/load-redis:2"]), ("wait-for-db", ["image": "busybox"]),
            (
                "seed-redis",
                ["image": "redis:7", "depends_on": ["db": ["condition": "service_started"]]]
            ),
        ] as [(String, JSONValue)])
    func endingsOfStores(name: String, model: JSONValue) throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80")],
            "db": ["image": "postgres:17"], name: model,
        ])
        let service = try ProposalSample.proposal(project).services.first { $0.name == name }
        #expect(service?.part == .internal)
    }

    @Test(
        "What is only called by a store's word, and is what visitors see, is no store unasked",
        arguments: [
            ("frontend-pgsql", ["image": "acme/monitor:7"]),
            (
                "web-mysql",
                ["image": "acme/web:7", "ports": ProposalSample.publishing(8080, "8081")]
            ),
            (
                "panel-mariadb",
                [
                    "image": "acme/panel", "depends_on": ["db": ["condition": "service_started"]],
                ]
            ),
        ] as [(String, JSONValue)])
    func fronts(name: String, model: JSONValue) throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80")],
            "db": ["image": "postgres:17"], name: model,
        ])
        let service = try ProposalSample.proposal(project).services.first { $0.name == name }
        let question = try #require(service?.question)
        #expect(question.choices.contains(.shared) && question.choices.contains(.internal))
        #expect(question.likeliest == nil)
        // By more than words it is one.
        #expect(try proposed("web-db", ["image": "postgres:17"]).question == nil)
    }

    @Test(
        "A tool, a stranger or a side of the release is no entrance where its web tells no port",
        arguments: [
            ("adminer", ["image": "adminer"]), ("grafana", ["image": "grafana/grafana"]),
            ("foo", ["image": "acme/foo"]), ("ws", ["build": ["context": "/ws"]]),
            ("docs", ["build": ["context": "/docs"]]),
        ] as [(String, JSONValue)])
    func silentWeb(name: String, model: JSONValue) throws {
        var other = model
        other["ports"] = ProposalSample.publishing(8080, "8081")
        let web: JSONValue = ["build": ["context": "/srv"]]
        #expect(throws: CommandsError.notProposed(.noCandidate(services: ["web"]))) {
            try ProposalSample.proposal(ProposalSample.project(["web": web, name: other]))
        }
        // Its own check or command tells where it listens.
        for (key, value) in [
            ("healthcheck", ["test": ["CMD", "curl", "-f", "http://localhost:8000/up"]]),
            ("command", ["serve", "--port=8000"]),
        ] as [(String, JSONValue)] {
            var told = web
            told[key] = value
            let entrance = try entrance(["web": told, name: other])
            #expect(entrance.name == "web" && entrance.part == .exposed(port: 8000))
        }
        // A proxy passes requests on to it.
        let proxy: JSONValue = ["image": "nginx", "ports": ProposalSample.publishing(80, "80")]
        #expect(try entrance(["web": web, "nginx": proxy]).name == "nginx")
    }

    @Test("A port of another protocol, by a variable's name or by UDP, is not for visitors")
    func otherProtocols() throws {
        func web(_ environment: JSONValue, _ ports: JSONValue) -> [String: JSONValue] {
            ["web": ["build": ["context": "/srv"], "environment": environment, "ports": ports]]
        }
        func publishing(_ port: Int64, _ transport: String) -> JSONValue {
            [
                "target": .integer(port), "published": .string("\(port)"),
                "protocol": .string(transport),
            ]
        }
        for variable in ["SMTPD_PORT", "FTP_PORT", "MQTT_PORT", "SYSLOG_PORT", "LMTP_PORT"] {
            let told = web(
                .object([variable: "2525"]), [publishing(8000, "tcp"), publishing(2525, "tcp")])
            #expect(try entrance(told).part == .exposed(port: 8000))
        }
        // A word that says nothing speaks for nothing, and PORT does.
        let plain = web(["PORT": "4567"], [publishing(4567, "tcp"), publishing(4568, "tcp")])
        #expect(try entrance(plain).part == .exposed(port: 4567))
        let calls = web([:], [publishing(8065, "tcp"), publishing(8443, "udp")])
        #expect(try entrance(calls).dropping?.isAccepted == false)
        let pages = web([:], [publishing(8065, "tcp"), publishing(443, "udp")])
        #expect(try entrance(pages).dropping?.isAccepted == true)
    }

    @Test(
        "A bot by its command or its token is a singleton, and a worker by its program has a remark",
        arguments: [
            (["python", "bot.py"], [:], true), (["manage.py", "run_bot"], [:], true),
            (["python", "main.py", "--polling"], [:], true),
            (["python", "main.py"], ["TELEGRAM_BOT_TOKEN": "1:a"], true),
            (["watch", "-n", "300", "send"], [:], true), (["yacron"], [:], true),
            (["node", "dist/worker.js"], [:], false), (["python", "consumer.py"], [:], false),
            (["gunicorn", "-k", "uvicorn.workers.UvicornWorker", "app"], [:], false),
        ] as [([String], JSONValue, Bool)])
    func bots(command: [String], environment: JSONValue, isSingleton: Bool) throws {
        let service = try proposed(
            "concierge",
            [
                "build": ["context": "/srv"], "environment": environment,
                "command": .array(command.map(JSONValue.string)),
            ])
        #expect(service.part == (isSingleton ? .singleton : .internal))
    }

    @Test("Another program of the release's own image is no store, whatever it is called")
    func ownDatabaseWorker() throws {
        let project = ProposalSample.project([
            "api": ["image": "acme/api:1.6", "ports": ProposalSample.publishing(8080, "80")],
            "worker-database": ["image": "acme/api:1.6", "entrypoint": ["worker-database"]],
        ])
        let worker = try ProposalSample.proposal(project).services.first { $0.name != "api" }
        #expect(worker?.part == .internal && worker?.question == nil)
    }

    @Test("A shared service that a proxy's labels bring visitors to tells how they come there now")
    func routedStore() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80")],
            "keycloak": [
                "image": "quay.io/keycloak/keycloak:25",
                "labels": [
                    "traefik.http.routers.k.rule": "Host(`id.acme.dev`)",
                    "traefik.http.services.k.loadbalancer.server.port": "8080",
                ],
            ],
        ])
        let proposal = try ProposalSample.proposal(project)
        let keycloak = try #require(proposal.services.first { $0.name == "keycloak" })
        #expect(keycloak.part == .shared)
        let lines = (keycloak.lines ?? []).joined(separator: "\n")
        #expect(lines.contains("proxy_pass"))
        #expect(lines.contains("keycloak: {port: 8080}"))
        #expect(proposal.otherExposed.map(\.name) == ["keycloak"])
    }

    @Test("A project's own word says nothing of its parts")
    func ownWord() throws {
        let project = ProposalSample.project(
            [
                "flowdb": [
                    "image": "acme/flowdb:1", "ports": ProposalSample.publishing(8000, "8000"),
                ],
                "store-db": ["image": "acme/pg:1"],
            ], app: "flowdb")
        let proposal = try ProposalSample.proposal(project)
        #expect(proposal.services[0].part == .exposed(port: 8000))
        #expect(proposal.services[1].part == .shared)
    }

    @Test(
        "Where each that tells a port looks like something else, the error says so with its lines")
    func judgedOtherwise() {
        let project = ProposalSample.project([
            "queue-worker": ["image": "acme/q", "ports": ProposalSample.publishing(8080, "8080")],
            "notesdb": ["image": "acme/n", "expose": ["7000"]], "db": ["image": "postgres:17"],
        ])
        let worker = ProposalMistake.Judged(
            service: "queue-worker", port: 8080, kind: .worker, reason: "\"worker\" in its name")
        let store = ProposalMistake.Judged(
            service: "notesdb", port: 7000, kind: .store, reason: "\"notesdb\" in its name")
        let mistake = ProposalMistake.judgedOtherwise([store, worker])
        #expect(throws: CommandsError.notProposed(mistake)) {
            try ProposalSample.proposal(project)
        }
        #expect(mistake.description.contains("notesdb like a store (\"notesdb\" in its name)"))
        #expect(mistake.description.contains("`teal init --service queue-worker --port 8080`"))
    }

    @Test("A stranger that publishes is a question behind a gateway too")
    func strangers() throws {
        for port in [4000, 9100, 9999] {
            let project = ProposalSample.project([
                "gateway": ["image": "kong:3", "ports": ProposalSample.publishing(8000, "80")],
                "thing": [
                    "image": "acme/thing:1", "ports": ProposalSample.publishing(port, "\(port)"),
                ],
            ])
            let proposal = try ProposalSample.proposal(project)
            #expect(proposal.questions.map(\.service) == ["thing"], "\(port)")
            #expect(proposal.text.contains("thing: {role: undecided}"), "\(port)")
        }
    }

    @Test("What takes the network or the processes of another runs where that one does")
    func borrowers() throws {
        let project = ProposalSample.project([
            "web": ["build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80")],
            "db": ["image": "postgres:17"], "cron": ["build": ["context": "/srv"]],
            "agent": ["image": "acme/agent", "pid": "service:db"],
            "log": ["image": "acme/log", "network_mode": "service:cron"],
            "mate": [
                "image": "acme/mate", "network_mode": "service:web", "expose": ["80"],
            ],
            "prometheus": ["image": "prom/prometheus", "network_mode": "service:web"],
        ])
        let proposal = try ProposalSample.proposal(project)
        let parts = Dictionary(
            uniqueKeysWithValues: proposal.services.map { ($0.name, $0.part) })
        #expect(
            parts == [
                "web": .exposed(port: 3000), "db": .shared, "cron": .singleton, "agent": .shared,
                "log": .singleton, "mate": .internal, "prometheus": .internal,
            ])
        #expect(try ProposalReview(of: proposal, project).remarks.isEmpty)
    }

    @Test("The entrance stays one, whatever it takes from a shared service")
    func borrowingEntrance() throws {
        let project = ProposalSample.project([
            "web": [
                "build": ["context": "/srv"], "ports": ProposalSample.publishing(3000, "80"),
                "pid": "service:db",
            ], "db": ["image": "postgres:17"],
        ])
        let proposal = try ProposalSample.proposal(project)
        #expect(proposal.services[0].part == .exposed(port: 3000))
        let remarks = try ProposalReview(of: proposal, project).remarks
        #expect(remarks.count == 1 && remarks[0].text.contains("remove `pid` from web"))
    }
}
