import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing

@testable import Commands

/// Known applications, images of the same people, and folders that two may write to; each with the
/// project in which it would mislead.
@Suite("Evidence of whose a program is, and what it keeps")
struct ApplicationTests {
    private static let web: JSONValue = [
        "build": ["context": "/web"], "ports": ProposalSample.publishing(3000, "80"),
    ]

    private func services(
        _ models: [String: JSONValue]
    ) throws -> [String: ProposedService] {
        let services = try ProposalSample.proposal(ProposalSample.project(models)).services
        return Dictionary(uniqueKeysWithValues: services.map { ($0.name, $0) })
    }

    private func keeping(_ place: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        let own: [String: JSONValue] = [
            "build": ["context": "/web"], "ports": ProposalSample.publishing(3000, "80"),
            "volumes": ProposalSample.volume(
                String(place.split(separator: "/").last ?? ""), at: place),
        ]
        return .object(own.merging(more) { $1 })
    }

    @Test("An application of others beside the release is shared, and its workers with it")
    func guests() throws {
        let found = try services([
            "web": Self.web,
            "metabase": [
                "image": "metabase/metabase:1", "ports": ProposalSample.publishing(3000, "3001"),
            ],
            "sso": ["image": "ghcr.io/goauthentik/server:1", "command": ["server"]],
            "sso-worker": ["image": "ghcr.io/goauthentik/server:1", "command": ["worker"]],
        ])
        for name in ["metabase", "sso", "sso-worker"] {
            #expect(found[name]?.part == .shared && found[name]?.question == nil, "\(name)")
        }
    }

    @Test("Who is only called like a known application is asked about")
    func ordinaryNames() throws {
        let found = try services([
            "web": Self.web,
            "homepage": [
                "image": "acme/homepage:7", "ports": ProposalSample.publishing(3000, "8081"),
            ], "outline": ["image": "acme/outline:7"],
        ])
        #expect(found["homepage"]?.question != nil)
        #expect(found["outline"]?.question != nil)
    }

    @Test("A known application that shares files with the release, or asks it, belongs to it")
    func ofOnePiece() throws {
        let pages = ProposalSample.volume("wp", at: "/var/www/html")
        let found = try services([
            "nginx": [
                "build": ["context": "/n"], "ports": ProposalSample.publishing(80, "80"),
                "volumes": pages,
            ], "wordpress": ["image": "wordpress:6-fpm", "volumes": pages],
        ])
        #expect(found["wordpress"]?.part == .internal && found["wordpress"]?.question == nil)
        let asking = try services([
            "web": Self.web,
            "cms": [
                "image": "strapi/strapi:4", "environment": ["HOOK": "http://web:3000/hook"],
                "ports": ProposalSample.publishing(1337, "1337"),
            ],
        ])
        #expect(asking["cms"]?.part == .exposed(port: 1337))
        #expect(asking["cms"]?.question?.likeliest == .exposed(port: 1337))
    }

    @Test(
        "Images of the same people are one release, where nothing is built and they make no tools")
    func kin() throws {
        let found = try services([
            "gate": ["image": "acme/gate:3", "ports": ProposalSample.publishing(8080, "80")],
            "pricing": ["image": "acme/pricing:3"], "acme-pg": ["image": "acme/postgres:3"],
            "agent": ["image": "acme/agent:3"],
            "cron": ["image": "bitnami/things:3"], "more": ["image": "bitnami/others:3"],
        ])
        #expect(found["pricing"]?.reasons == ["an image of the same people as gate's"])
        #expect(found["acme-pg"]?.part == .shared)
        #expect(found["agent"]?.question != nil)
        #expect(found["more"]?.reasons.isEmpty == true)
        // Beside what is built here they are others, who made both.
        let guests = try services([
            "web": Self.web, "billing": ["image": "vendor/billing:3"],
            "billing-jobs": ["image": "vendor/jobs:3"],
        ])
        #expect(guests["billing"]?.question?.likeliest == nil)
        #expect(guests["billing"]?.question != nil && guests["billing-jobs"]?.question != nil)
    }

    @Test("An image of the same people that keeps data may be their database, which is asked")
    func kinWithData() throws {
        let ledger: JSONValue = ["image": "acme/ledger:3"]
        let keeping: JSONValue = [
            "image": "acme/ledger:3", "volumes": ProposalSample.volume("ledger", at: "/data"),
        ]
        for (model, isAsked) in [(ledger, false), (keeping, true)] {
            let found = try services([
                "gate": ["image": "acme/gate:3", "ports": ProposalSample.publishing(8080, "80")],
                "ledger": model,
            ])
            let question = found["ledger"]?.question
            #expect((question != nil) == isAsked)
            #expect(question?.likeliest == nil)
            #expect(question?.choices.first == (isAsked ? .shared : nil))
        }
    }

    @Test("A mirror of others' images is no sign of one's own")
    func mirror() throws {
        let found = try services([
            "web": Self.web, "led": ["image": "registry.corp.example/hub/tiger/led:1"],
            "ui": ["image": "registry.corp.example/hub/tiger/ui:1"],
        ])
        #expect(found["led"]?.question != nil && found["ui"]?.question != nil)
    }

    @Test(
        "Folders of files are no question",
        arguments: ["/app/uploads", "/srv/media", "/static", "/app/public", "/opt/files"])
    func files(place: String) throws {
        let web = try #require(try services(["web": keeping(place)])["web"])
        #expect(web.questions.isEmpty && web.acceptsWriters)
    }

    @Test(
        "Where a database or an index may be is a question without an answer",
        arguments: [
            ("/data", [:]), ("/app/data", [:]), ("/app/storage", [:]), ("/config", [:]),
            ("/app/index", [:]), ("/queue/files", [:]), ("/app/uploads", ["DB": "sqlite"]),
            ("/app/uploads", ["URL": "sqlite:///./app.db"]),
            ("/srv/files", ["DB_FILE": "/srv/files/app.db"]),
        ] as [(String, [String: JSONValue])])
    func hidden(place: String, environment: [String: JSONValue]) throws {
        let model = keeping(place, ["environment": .object(environment)])
        let web = try #require(try services(["web": model])["web"])
        #expect(web.questions.count == 1)
        #expect(web.questions.first?.proposed == nil, "\(place)")
    }

    @Test("A database elsewhere is a reason for two writers, and an index beside it is none")
    func records() throws {
        let database: JSONValue = ["image": "postgres:17"]
        let named: [String: JSONValue] = ["environment": ["DATABASE_URL": "postgres://u@pg/x"]]
        let plain = try services(["web": keeping("/data", named), "pg": database])
        #expect(plain["web"]?.questions.first?.proposed == .writers)
        let storage = try services(["web": keeping("/app/storage", named), "pg": database])
        #expect(storage["web"]?.questions.isEmpty == true)
        let index = try services(["web": keeping("/app/index", named), "pg": database])
        #expect(index["web"]?.questions.first?.proposed == nil)
        // A cache keeps no records.
        let cache = try services([
            "web": keeping("/data", ["environment": ["R": "redis://redis"]]),
            "redis": ["image": "redis:7"],
        ])
        #expect(cache["web"]?.questions.first?.proposed == nil)
        // What locks its own files does so whatever database it has.
        let locking = try services([
            "gitea": [
                "image": "gitea/gitea:1", "ports": ProposalSample.publishing(3000, "3000"),
                "environment": ["DB": "pg:5432"],
                "volumes": ProposalSample.volume("g", at: "/data"),
            ], "pg": database,
        ])
        #expect(locking["gitea"]?.questions.first?.proposed == nil)
    }

    @Test("One place that two must not write to stands for all of them")
    func severalPlaces() throws {
        let two: JSONValue = .array(
            ["/app/uploads", "/app/data"].flatMap {
                ProposalSample.volume("v\($0.count)", at: $0).array ?? []
            })
        let web = try #require(
            try services([
                "web": [
                    "build": ["context": "/w"], "volumes": two,
                    "ports": ProposalSample.publishing(3000, "80"),
                ]
            ])["web"])
        #expect(web.questions.first?.text.contains("/app/data") == true)
        #expect(web.questions.first?.proposed == nil)
    }

    @Test(
        "Parts of the release that write beside each other already are no question, strangers are")
    func fellows() throws {
        let data = ProposalSample.volume("data", at: "/data")
        let web: [String: JSONValue] = [
            "build": ["context": "/w"], "ports": ProposalSample.publishing(3000, "80"),
            "volumes": data,
        ]
        let worker: JSONValue = [
            "build": ["context": "/w"], "command": ["worker"], "volumes": data,
        ]
        let found = try services(["web": .object(web), "worker": worker])
        #expect(found["web"]?.questions.isEmpty == true)
        #expect(found["worker"]?.questions.isEmpty == true)
        let copied = try services([
            "web": .object(web), "copier": ["image": "others/copier:1", "volumes": data],
        ])
        #expect(copied["web"]?.questions.first?.proposed == nil)
        // One that ends has done so before the other begins.
        let prepared = try services([
            "web": .object(web),
            "migrate": [
                "build": ["context": "/w"], "command": ["rake", "db:migrate"], "volumes": data,
            ],
        ])
        #expect(prepared["web"]?.questions.first?.proposed == nil)
        #expect(prepared["migrate"]?.questions.first?.proposed == nil)
    }

    @Test(
        "A command whose last step brings a database up to date ends, and one that goes on does not",
        arguments: [
            ("npx prisma migrate deploy", true), ("npm run typeorm migration:run", true),
            ("alembic upgrade head", true),
            ("sh -c \"npx prisma migrate deploy && node server.js\"", false),
            ("./app --auto-migrate", false), ("npm run start:migrate:prod", false),
            ("./bin/migrate_and_run", false), ("MIGRATE=1 ./app", false),
        ])
    func lastSteps(command: String, ends: Bool) throws {
        let project = ProposalSample.project([
            "thing": ["build": ["context": "/t"], "command": .string(command)]
        ])
        let service = try #require(project.services.first)
        let scene = ServiceScene(service, among: [service], of: "shop", ProjectFacts())
        #expect((JudgedService(scene).kind == .ending) == ends)
    }

    @Test("A port that pages send browsers to is exposed unasked, unless it is beside the site")
    func browsers() throws {
        func beside(_ name: String, _ port: Int) -> JSONValue {
            [
                "build": ["context": .string("/\(name)")],
                "ports": ProposalSample.publishing(port, "\(port)"),
            ]
        }
        let found = try services([
            "web": [
                "build": ["context": "/web", "args": ["API": "http://localhost:8000/v1"]],
                "ports": ProposalSample.publishing(3000, "80"),
                "environment": ["SB": "http://localhost:6006", "X": "http://localhost:80001"],
            ], "api": beside("api", 8000), "storybook": beside("storybook", 6006),
            "inner": beside("inner", 8001),
        ])
        #expect(found["api"]?.part == .exposed(port: 8000) && found["api"]?.question == nil)
        #expect(found["storybook"]?.question?.likeliest == .internal)
        #expect(found["inner"]?.question != nil)
    }

    @Test("A bot that asks for its messages runs once, one that is asked in each colour")
    func bots() throws {
        let found = try services([
            "web": .object([
                "build": ["context": "/w"], "ports": ProposalSample.publishing(3000, "80"),
                "environment": ["BOT": "http://asked-bot:9000"],
            ]), "telegram-bot": ["build": ["context": "/t"]],
            "asked-bot": ["build": ["context": "/a"]],
        ])
        #expect(found["telegram-bot"]?.part == .singleton)
        #expect(found["asked-bot"]?.part == .internal)
    }

    @Test("A runner that is registered once is never in both colours")
    func runners() throws {
        let found = try services([
            "forge": ["image": "gitea/gitea:1", "ports": ProposalSample.publishing(3000, "80")],
            "runner": ["image": "gitea/act_runner:1"],
        ])
        #expect(found["runner"]?.part == .singleton)
    }

    @Test("A tunnel or a proxy with TLS of its own is a question without an answer")
    func tunnels() throws {
        let found = try services([
            "web": ["build": ["context": "/w"], "expose": ["3000"]],
            "tunnel": ["image": "cloudflare/cloudflared:1"],
        ])
        #expect(found["web"]?.part == .exposed(port: 3000))
        #expect(found["tunnel"]?.question != nil && found["tunnel"]?.question?.likeliest == nil)
    }

    @Test("Beside a client the server is what it asks, and visitors come to both")
    func clientAndServer() throws {
        let found = try services([
            "client": [
                "build": ["context": "/c"], "ports": ProposalSample.publishing(80, "5000"),
            ],
            "server": [
                "build": ["context": "/s"], "ports": ProposalSample.publishing(8080, "5001"),
            ],
        ])
        #expect(found["client"]?.part == .exposed(port: 80) && found["client"]?.question == nil)
        #expect(found["server"]?.question?.likeliest == .exposed(port: 8080))
    }
}
