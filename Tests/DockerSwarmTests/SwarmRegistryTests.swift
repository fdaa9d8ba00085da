import BlueGreen
import Foundation
import HostSystem
import NIOHTTP1
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import DockerEngine
@testable import DockerSwarm

/// A manager with three images: one that a registry has, one that is here alone, and one that a
/// build makes. Everything else is missing.
private final class FakeManager: Sendable {
    static let digest = "sha256:" + String(repeating: "0a", count: 32)

    private struct State: Sendable {
        var requests: [(act: String, login: String?)] = []
        var services: [String: JSONValue] = [:]
        /// By name.
        var images: [String: JSONValue] = [
            "cache:1": [
                "Id": "sha256:ca", "RepoTags": ["cache:1"], "RepoDigests": ["cache@sha256:cafe"],
            ],
            "shop/web:1": ["Id": "sha256:11", "RepoTags": ["shop/web:1"], "RepoDigests": []],
        ]
        var push = #"{"aux": {"Tag": "x", "Digest": "\#(FakeManager.digest)"}}"#
        var login = Receiver.Answer.status(200, body: "{}")
        /// The answers of the nodes to a look, by node.
        var looks: [Int: String] = [:]
    }

    private let state = Mutex(State())

    /// In order, without those that only look.
    var acts: [String] {
        state.withLock { $0.requests.map(\.act).filter { !$0.hasPrefix("GET") } }
    }

    func login(of beginning: String) -> String? {
        state.withLock { $0.requests.first { $0.act.hasPrefix(beginning) }?.login }
    }

    func forget() { state.withLock { $0.requests = [] } }

    func refusesPush(_ text: String) {
        state.withLock { $0.push = #"{"errorDetail": {"message": "\#(text)"}}"# }
    }

    func refusesLogin(_ status: Int, _ text: String) {
        state.withLock { $0.login = .status(status, body: #"{"message": "\#(text)"}"#) }
    }

    func build() {
        state.withLock { state in
            state.images["shop-web"] = ["Id": "sha256:b0", "RepoTags": ["shop-web:latest"]]
        }
    }

    func run(_ name: String, _ spec: JSONValue) {
        state.withLock { $0.services[name] = spec }
    }

    func look(of node: Int, says line: String) { state.withLock { $0.looks[node] = line } }

    func answer(to request: Receiver.Request) -> Receiver.Answer {
        state.withLock { Self.answer(request, &$0) }
    }

    private static func answer(
        _ request: Receiver.Request, _ state: inout State
    ) -> Receiver.Answer {
        let path = request.path.replacing("/v1.41", with: "").removingPercentEncoding ?? ""
        if path == "/_ping" { return .status(200, fields: ["Api-Version": "1.41"]) }
        state.requests.append(
            ("\(request.method) \(path)", request.fields["X-Registry-Auth"].first))
        let plain = path.prefix { $0 != "?" }
        if plain == "/auth" { return state.login }
        if plain.hasSuffix("/push") { return .status(200, body: state.push + "\n") }
        if plain.hasPrefix("/images/"), plain.hasSuffix("/json") {
            let name = plain.dropFirst("/images/".count).dropLast("/json".count)
            return state.images[String(name)].map { .status(200, body: $0.compact) }
                ?? .status(404, body: "{}")
        }
        if plain.hasPrefix("/images/") { return .status(201, body: "{}") }
        return swarm(request, String(plain), &state)
    }

    private static func swarm(
        _ request: Receiver.Request, _ path: String, _ state: inout State
    ) -> Receiver.Answer {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        switch path {
        case "/services/create":
            guard let spec = try? JSONValue(parsing: request.body) else { return .status(400) }
            state.services[spec["Name"]?.string ?? ""] = spec
            return .status(201, body: #"{"ID": "s1"}"#)
        case "/services": return .status(200, body: "[]")
        case "/nodes":
            let nodes = [1, 2].map { SwarmSample.node($0) }.joined(separator: ",")
            return .status(200, body: "[\(nodes)]")
        case "/tasks":
            let tasks = state.looks.keys.sorted().compactMap { node in
                try? SwarmSample.task("t\(node)", node: node, state: "complete")
            }
            return .status(200, body: "[\(tasks.joined(separator: ","))]")
        case _ where path.hasSuffix("/logs"):
            let node = Int(path.dropFirst("/tasks/t".count).prefix(1)) ?? 0
            let line = padded((state.looks[node] ?? "") + "\n")
            return .status(200, body: frame(line) + line)
        case _ where path.hasPrefix("/services/"):
            if request.method != .GET { return .status(200, body: "{}") }
            let spec = state.services[last]
            return spec.flatMap { try? SwarmSample.service($0) }.map { .status(200, body: $0) }
                ?? .status(404, body: "{}")
        default: return .status(404, body: "{}")
        }
    }

    /// The header of a log's frame.
    private static func frame(_ text: String) -> String {
        let (high, low) = text.utf8.count.quotientAndRemainder(dividingBy: 256)
        return "\u{1}\0\0\0\0\0" + [high, low].map { String(UnicodeScalar(UInt8($0))) }.joined()
    }

    /// With spaces, so that no byte of its length is above 127.
    private static func padded(_ text: String) -> String {
        var text = text
        while text.utf8.count % 256 > 127 { text = " " + text }
        return text
    }
}

@Suite("The images of a release and its registry", .timeLimit(.minutes(20)))
struct SwarmRegistryTests {
    private static let registry = "r.example:5000/shop"
    private static let pushedWeb = "r.example:5000/shop/web@\(FakeManager.digest)"
    private static let credentials = RegistryCredentials(
        server: "r.example:5000", .password(user: "deploy", "s3cret"))

    private let folder: TemporaryFolder
    private let manager = FakeManager()
    private let told = Told()

    private final class Told: Reporter {
        private let events = Mutex<[ProgressEvent]>([])

        var all: [ProgressEvent] { events.withLock(\.self) }

        func report(_ event: ProgressEvent) { events.withLock { $0.append(event) } }
    }

    init() throws {
        folder = try TemporaryFolder()
        let entry = #"{"auth": "ZGVwbG95OnMzY3JldA=="}"#
        try AtomicFile.write(
            #"{"auths": {"r.example:5000": \#(entry)}}"#, to: folder("config.json"),
            access: .ownerOnly)
    }

    private static let services: [String: JSONValue] = [
        "web": ["image": "shop/web:1"], "cache": ["image": "cache:1"],
        "worker": ["image": "shop/web:1"],
    ]

    private static let built: [String: JSONValue] = ["web": ["build": ["context": "/src"]]]

    private static func plan(
        _ services: [String: JSONValue] = services, registry: String? = registry,
        _ settings: [String: ServiceSettings] = SwarmSample.web
    ) -> SwarmPlan {
        var choices = SwarmSample.ports
        choices.registry = registry
        return SwarmSample.plan(services, settings, choices)
    }

    private func asking<Result>(
        _ runner: any CommandRunner = ScriptedRunner(),
        _ change: (inout SwarmEngine.Settings) -> Void = { _ in },
        _ body: (SwarmEngine) async throws -> Result
    ) async throws -> Result {
        let manager = manager
        let daemon = try await Receiver.start(at: folder("docker.sock")) {
            manager.answer(to: $0)
        }
        let api = EngineAPI(.socket(path: folder("docker.sock")))
        let tool = ComposeTool(call: ["compose"], environment: [:])
        var settings = SwarmEngine.Settings(
            app: "shop", stateDirectory: folder.path, runner: runner, tool: { tool }, api: api,
            choices: ReleaseChoices(), swarm: SwarmSample.ports, clock: ManualClock())
        settings.logins = RegistryLogins(
            environment: ["DOCKER_CONFIG": folder.path], runner: ScriptedRunner())
        settings.reporter = told
        change(&settings)
        do {
            let result = try await body(SwarmEngine(settings))
            try await api.shutDown()
            try await daemon.stop()
            return result
        } catch {
            try await api.shutDown()
            try await daemon.stop()
            throw error
        }
    }

    // MARK: Pushing

    @Test("An image that is here alone is pushed once, and all nodes get it by digest")
    func pushes() async throws {
        let found = try await asking {
            try await SwarmImages(Self.plan(), $0.settings).found()
        }
        #expect(
            found == [
                "web": Self.pushedWeb, "worker": Self.pushedWeb, "cache": "cache@sha256:cafe",
            ])
        let tag = SwarmSample.release.text
        let repository = "r.example:5000/shop/web"
        #expect(
            manager.acts == [
                "POST /images/sha256:11/tag?repo=\(repository)&tag=\(tag)",
                "POST /images/\(repository)/push?tag=\(tag)",
                "DELETE /images/\(repository):\(tag)",
            ])
        #expect(manager.login(of: "POST /images/\(repository)/push") == Self.credentials.header)
        #expect(told.all.contains(.note("Images: web pushed, worker pushed.")))
    }

    @Test("Without a registry it is each node's own, by its id")
    func noRegistry() async throws {
        let found = try await asking {
            try await SwarmImages(Self.plan(registry: nil), $0.settings).found()
        }
        #expect(found["web"] == "sha256:11")
        #expect(manager.acts.isEmpty)
    }

    @Test("A push that fails ends the deploy, takes the name away and tells no secret")
    func failure() async throws {
        manager.refusesPush("denied: requested access to the resource is denied")
        let error = await #expect(throws: DockerError.self) {
            try await asking { try await SwarmImages(Self.plan(), $0.settings).found() }
        }
        let said = error.map { "\($0)" } ?? ""
        #expect(said.contains("docker login r.example:5000"), "\(said)")
        #expect(!said.contains("s3cret"), "\(said)")
        #expect(manager.acts.last?.hasPrefix("DELETE /images/r.example:5000/shop/web:") == true)
    }

    // MARK: Building

    /// Compose, whose build leaves an image.
    private final class Builder: CommandRunner {
        let calls = Mutex<[Command]>([])
        private let manager: FakeManager

        init(_ manager: FakeManager) {
            self.manager = manager
        }

        func run(
            _ command: Command, onLine: (@Sendable (String) -> Void)?
        ) async throws -> CommandResult {
            calls.withLock { $0.append(command) }
            manager.build()
            onLine?("Step 1/1")
            return .printed("")
        }
    }

    @Test("An image with a build section is built here, each time, and pushed")
    func builds() async throws {
        manager.build()
        let builder = Builder(manager)
        let found = try await asking(builder) {
            try await SwarmImages(Self.plan(Self.built), $0.settings).found()
        }
        #expect(found == ["web": Self.pushedWeb])
        let file = SwarmRecord(SwarmSample.release, in: folder.path).buildFile
        #expect(
            builder.calls.withLock(\.self).map(\.arguments) == [
                ["--project-name", "shop", "--file", file, "build", "web"]
            ])
        let model = try JSONValue(parsing: FileSystem().readBytes(file))
        #expect(model["services"]?["web"]?["image"] == "shop-web")
        #expect(manager.acts.first?.hasPrefix("POST /images/sha256:b0/tag") == true)
        #expect(told.all.first == .output("Step 1/1"))
        #expect(told.all.last == .note("Images: web built and pushed."))
    }

    @Test(
        "It is not built where the settings or the day's wish leave it out",
        arguments: [
            (BuildPolicy.missing, nil), (.never, nil), (.always, .never), (.always, .missing),
        ] as [(BuildPolicy, BuildPolicy?)])
    func notBuilt(_ setting: BuildPolicy, _ choice: BuildPolicy?) async throws {
        manager.build()
        let change: (inout SwarmEngine.Settings) -> Void = {
            $0.build = setting
            $0.choices.build = choice
        }
        let found = try await asking(ScriptedRunner(), change) {
            try await SwarmImages(Self.plan(Self.built), $0.settings).found()
        }
        #expect(found == ["web": Self.pushedWeb])
    }

    @Test("A shared service that runs keeps its image, and is not built")
    func shared() async throws {
        let settings = SwarmSample.web.merging(["db": ServiceSettings(role: .shared)]) { $1 }
        let plan = Self.plan(
            ["web": ["image": "shop/web:1"], "db": ["build": ["context": "/db"]]], settings)
        var before = plan
        before.images = ["db": "r.example:5000/shop/db@sha256:old"]
        let db = try #require(try plan.services.first { $0.name == "db" })
        manager.run("shop-shared-db", before.spec(of: db, in: nil))
        let found = try await asking { try await SwarmImages(plan, $0.settings).found() }
        #expect(found["db"] == "r.example:5000/shop/db@sha256:old")
    }

    @Test("A build section is refused without a registry, and taken with one")
    func problems() throws {
        #expect(try SwarmProblems(Self.plan(Self.built)).all.isEmpty)
        let messages = try SwarmProblems(Self.plan(Self.built, registry: nil)).all.map(\.message)
        #expect(messages.count == 1)
        #expect(messages.first?.contains("`registry:` in teal.yml") == true)
    }

    // MARK: Credentials of the nodes

    @Test("The nodes get the credentials with a new service, and today's with each change")
    func logins() async throws {
        var plan = Self.plan()
        plan.images = ["web": Self.pushedWeb, "cache": "cache@sha256:cafe"]
        for service in try plan.services where service.name != "worker" {
            let spec = plan.spec(of: service, in: .green)
            manager.forget()
            try await asking { engine in
                try await engine.api.create(spec)
                let made = SwarmService(try SwarmSample.json(SwarmSample.service(spec)))
                try await engine.api.update(made, to: made.scaled(to: 1))
            }
            #expect(
                manager.acts == ["POST /services/create", "POST /services/s1/update?version=7"])
            // Nobody has logged in to the registry of the other image.
            let header = service.name == "web" ? Self.credentials.header : nil
            #expect(manager.login(of: "POST /services/create") == header)
            #expect(manager.login(of: "POST /services/s1/update") == header)
        }
    }

    // MARK: Before a deploy

    private func obstacles(
        _ plan: SwarmPlan, _ kind: DeploymentKind = .deploy, lacks: [Int: NodeReply]
    ) async throws -> [String] {
        try SwarmRecord(plan.release, in: folder.path).write(plan)
        for node in [1, 2] {
            let answer = try JSONEncoder().encode(lacks[node] ?? NodeReply())
            manager.look(of: node, says: String(decoding: answer, as: UTF8.self))
        }
        let placement = Placement(colour: .green, release: plan.release)
        return try await asking(ScriptedRunner(), { $0.edgeImage = "teal-edge:1" }) { engine in
            try await engine.obstacles(to: placement, kind).map(\.description)
        }
    }

    @Test("A deploy is refused for an image that a node lacks, with both names")
    func lackingNode() async throws {
        let found = try await obstacles(
            Self.plan(registry: nil), lacks: [2: NodeReply(images: ["sha256:11"])])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("node2 has not the image shop/web:1") == true)
    }

    @Test(
        "So is a cold rollback to a release whose images have no registry; a warm one asks nobody")
    func rollback() async throws {
        var plan = Self.plan(registry: nil)
        plan.images = ["web": "sha256:22", "worker": "sha256:22", "cache": "cache@sha256:cafe"]
        let lacks = [1: NodeReply(images: ["sha256:22"])]
        let found = try await obstacles(plan, .coldRollback, lacks: lacks)
        #expect(found.first?.hasPrefix("node1 has not the image shop/web:1") == true)
        #expect(try await obstacles(plan, .warmRollback, lacks: lacks).isEmpty)
    }

    @Test("With a registry no node needs the image beforehand, but each has to reach the registry")
    func unreached() async throws {
        #expect(try await obstacles(Self.plan(), lacks: [:]).isEmpty)
        let found = try await obstacles(
            Self.plan(), lacks: [2: NodeReply(registry: "the registry has no TLS.")])
        #expect(
            found == ["node2 cannot pull from r.example:5000/shop: the registry has no TLS."])
    }

    @Test(
        "A registry that this node cannot use is told before anything is pushed",
        arguments: [
            (401, "unauthorized: wrong", "docker login r.example:5000"),
            (500, "dial tcp: connect: connection refused", "curl"),
        ])
    func registryFault(_ status: Int, _ text: String, _ words: String) async throws {
        manager.refusesLogin(status, text)
        let found = try await obstacles(Self.plan(), lacks: [:])
        #expect(found.count == 1)
        #expect(found.first?.contains(text) == true)
        #expect(found.first?.contains(words) == true)
        #expect(!manager.acts.contains { $0.contains("/push") })
    }

    @Test("Logins that cannot be read keep a deploy back, but not a way back")
    func badLogins() async throws {
        try AtomicFile.write("{", to: folder("config.json"), access: .ownerOnly)
        let found = try await obstacles(Self.plan(), lacks: [:])
        #expect(found.count == 1)
        #expect(found.first?.contains("is no JSON") == true)
        var plan = Self.plan()
        plan.images = ["web": Self.pushedWeb, "worker": Self.pushedWeb, "cache": "cache@sha256:1"]
        #expect(try await obstacles(plan, .coldRollback, lacks: [:]).isEmpty)
        let web = try #require(try plan.services.first { $0.name == "web" })
        try await asking { try await $0.api.create(plan.spec(of: web, in: .green)) }
        #expect(manager.acts.last == "POST /services/create")
    }

    @Test("The forecast says what is built, pushed, and what each node has")
    func forecast() async throws {
        let services = Self.services.merging(["api": ["build": ["context": "/src"]]]) { $1 }
        let placement = Placement(colour: .green, release: SwarmSample.release)
        let forecast = try await asking { engine in
            try await SwarmForecast(engine, Self.plan(services))
                .forecast(at: placement, beside: nil, with: [])
        }
        let supplies = Dictionary(
            uniqueKeysWithValues: forecast.images.map { ($0.service, $0.supply) })
        #expect(
            supplies == ["web": .push, "worker": .push, "cache": .pull, "api": .build])
        #expect(forecast.images.first { $0.service == "api" }?.command?.hasSuffix("api") == true)
    }
}
