import BlueGreen
import DockerEngine
import Foundation
import Glibc
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerSwarm

/// An app whose service has a config and a secret, each with what the test says.
enum ObjectSample {
    static let uses: JSONValue = [
        ["source": "note"], ["source": "theirs", "target": "/etc/their"],
    ]

    static func plan(
        note: JSONValue, token: JSONValue, web more: [String: JSONValue] = [:]
    ) -> SwarmPlan {
        var web: JSONValue = [
            "image": "shop/web@sha256:1", "configs": uses, "secrets": [["source": "token"]],
        ]
        for (key, value) in more { web[key] = value }
        return SwarmSample.plan(
            ["web": web], SwarmSample.web,
            top: [
                "configs": [
                    "note": note, "theirs": ["external": true, "name": "theirs"],
                    "unused": ["file": "/nowhere"],
                ],
                "secrets": ["token": token],
            ])
    }

    static func web(of plan: SwarmPlan) throws -> PlannedService {
        let services = try plan.services
        return try #require(services.first)
    }

    static func read(
        note: String = "hello", token: String = "t0ken"
    ) throws -> (plan: SwarmPlan, contents: SwarmContents) {
        var plan = plan(
            note: ["name": "shop_note", "content": .string(note)],
            token: ["name": "shop_token", "environment": "TOKEN"])
        let read = try SwarmContents.read(for: plan, ["TOKEN": token])
        plan.objects = read.objects
        return (plan, read.contents)
    }
}

@Suite("Configs and secrets of a compose file as objects of a swarm")
struct SwarmObjectTests {
    private func object(
        _ content: String, key: String = "site", kind: SwarmObject.Kind = .config,
        app: String = "shop"
    ) -> SwarmObject {
        SwarmObject(kind, key, Array(content.utf8), of: app)
    }

    @Test("The name has the digest of app, kind, key and content")
    func names() {
        // printf 'shop config site\nhello' | sha256sum
        let digest = "6f0c660ece83498ac25011f1a791c369"
        #expect(object("hello").digest.hasPrefix(digest))
        #expect(object("hello").name(in: "shop") == "shop-config-site-\(digest.prefix(12))")
        let others = [
            object("hello2"), object("hello", key: "other"), object("hello", kind: .secret),
            object("hello", app: "shop2"),
        ]
        #expect(Set(others.map(\.digest)).subtracting([object("hello").digest]).count == 4)
    }

    @Test("A long key is cut to the 64 letters that the swarm takes, and two keys stay two names")
    func longNames() {
        let app = String(repeating: "a", count: 40)
        for kind in SwarmObject.Kind.allCases {
            let names = ["x", "y"].map { end in
                object("same", key: String(repeating: "k", count: 60) + end, kind: kind, app: app)
                    .name(in: app)
            }
            #expect(names.map(\.count) == [64, 64])
            #expect(Set(names).count == 2)
        }
    }

    @Test("Each is a file of the container, by default where Compose has it and readable by all")
    func files() throws {
        let plan = try ObjectSample.read().plan
        let files = plan.files(of: try ObjectSample.web(of: plan))
        #expect(files.map(\.target) == ["/note", "/etc/their", "/run/secrets/token"])
        #expect(files.map(\.mode) == [0o444, 0o444, 0o444])
        #expect(files.map(\.object) == [plan.objects[0], nil, plan.objects[1]])
        #expect(files[1].name == "theirs")
        #expect(
            files[2].spec(id: "s1") == [
                "SecretID": "s1", "SecretName": .string(files[2].name),
                "File": [
                    "Name": "/run/secrets/token", "UID": "0", "GID": "0", "Mode": 292,
                ],
            ])
    }

    @Test(
        "A target, an owner and a mode are the compose file's, in the words of any Compose",
        arguments: [JSONValue.integer(256), "0400"])
    func files(_ mode: JSONValue) throws {
        let use: JSONValue = [
            "source": "token", "target": "key.pem", "uid": "5", "gid": "6", "mode": mode,
        ]
        let plan = ObjectSample.plan(
            note: [:], token: [:], web: ["configs": [], "secrets": [use]])
        let files = plan.files(of: try ObjectSample.web(of: plan))
        let file = try #require(files.first)
        #expect(file.target == "/run/secrets/key.pem")
        #expect([file.user, file.group] == ["5", "6"])
        #expect(file.mode == 0o400)
    }

    @Test("A service is made with the ids that the swarm has given")
    func specification() throws {
        var plan = try ObjectSample.read().plan
        let names = plan.objects.map { $0.name(in: "shop") }
        plan.objectIDs = [.config: [names[0]: "c1", "theirs": "c2"], .secret: [names[1]: "s1"]]
        let spec = plan.spec(of: try ObjectSample.web(of: plan), in: .green)
        let container = spec["TaskTemplate"]?["ContainerSpec"]
        let configs = container?["Configs"]?.array ?? []
        #expect(configs.map { $0["ConfigID"] } == ["c1", "c2"])
        #expect(configs.map { $0["ConfigName"]?.string } == [names[0], "theirs"])
        #expect(container?["Secrets"]?.array?.map { $0["SecretID"] } == ["s1"])
    }

    @Test("An object of another one's name is refused, and one made elsewhere has to be there")
    func problems() throws {
        let plan = try ObjectSample.read().plan
        let files = plan.files(of: try ObjectSample.web(of: plan))
        let own = FoundObject(
            .config,
            [
                "ID": "c1",
                "Spec": [
                    "Name": .string(files[0].name),
                    "Labels": [
                        "teal.app": "shop", "teal.digest": .string(plan.objects[0].digest),
                    ],
                ],
            ])
        let foreign = FoundObject(.config, ["ID": "c2", "Spec": ["Name": "theirs"]])
        #expect(files[0].problem(with: own, of: "shop") == nil)
        #expect(files[0].problem(with: nil, of: "shop") == nil)
        #expect(
            files[0].problem(with: foreign, of: "shop")
                == .foreignObject(kind: "config", name: files[0].name))
        #expect(files[1].problem(with: foreign, of: "shop") == nil)
        #expect(
            files[1].problem(with: nil, of: "shop")
                == .noObject(kind: "config", key: "theirs", name: "theirs"))
    }

    @Test("Keys of the two sections that would be dropped are refused, and files at one place")
    func refused() throws {
        let driver = ObjectSample.plan(
            note: ["content": "x", "template_driver": "golang", "x-mine": 1], token: [:])
        #expect(
            try SwarmProblems(driver).all.map(\.message) == [
                "The config note has `template_driver:`, which `engine: swarm` refuses: it is not "
                    + "mapped to the swarm yet."
            ])
        let twice = ObjectSample.plan(
            note: [:], token: [:],
            web: ["configs": [["source": "note"], ["source": "theirs", "target": "/note"]]])
        #expect(
            try SwarmProblems(twice).all.map(\.message) == [
                "web has note and theirs at the same place, /note. Give one of them another "
                    + "`target:`."
            ])
    }

    @Test("A name of the compose file's own is told, since each content has another one")
    func notices() throws {
        var plan = try ObjectSample.read().plan
        #expect(plan.objectNotices(of: try plan.services).isEmpty)
        let model: JSONValue = ["name": "mine", "content": "hello"]
        let objects = plan.objects
        plan = ObjectSample.plan(note: model, token: ["environment": "TOKEN"])
        plan.objects = objects
        let notices = plan.objectNotices(of: try plan.services)
        #expect(notices.count == 1)
        #expect(notices.first?.hasPrefix("The config note has `name: mine`") == true)
    }
}

@Suite("The contents of a release's configs and secrets")
struct SwarmContentsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func refusal(note: JSONValue, token: JSONValue) -> ReleaseSourceError? {
        #expect(throws: ReleaseSourceError.self) {
            _ = try SwarmContents.read(for: ObjectSample.plan(note: note, token: token), [:])
        }
    }

    private func file(_ name: String, bytes: Int) throws -> JSONValue {
        try AtomicFile.write(
            bytes: [UInt8](repeating: 0x61, count: bytes), to: folder(name), access: .ownerOnly)
        return ["file": .string(folder(name))]
    }

    @Test("A file, a text and a variable are read; one that no service has is left alone")
    func sources() throws {
        let (plan, contents) = try ObjectSample.read(note: "a$$b", token: "s$$x")
        #expect(plan.objects.map(\.key) == ["note", "token"])
        let texts = plan.objects.map { object in
            contents[object.name(in: "shop")].map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(texts == ["a$b", "s$$x"])
    }

    @Test("All that are missing are named, as on one host")
    func missing() throws {
        let error = refusal(
            note: ["file": .string(folder("none"))], token: ["environment": "TOKEN"])
        guard case .unfit(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("The config note cannot be read from \(folder("none"))"))
        #expect(reason.contains("token takes its content from the environment variable TOKEN"))
    }

    @Test("One that is empty, or larger than the swarm takes, is refused with its reason")
    func sizes() throws {
        let fits = try SwarmContents.read(
            for: ObjectSample.plan(
                note: file("n", bytes: 1_023_999), token: file("t", bytes: 511_999)), [:])
        #expect(fits.objects.count == 2)
        let large = refusal(
            note: try file("n", bytes: 1_024_000), token: try file("t", bytes: 512_000))
        let reason = try #require(large?.description)
        #expect(reason.contains("The config note cannot be read") && reason.contains("999K"))
        #expect(reason.contains("The secret token cannot be read") && reason.contains("499K"))
        let text = JSONValue.string(String(repeating: "a", count: 1_024_000))
        let others = refusal(note: ["content": text], token: try file("t", bytes: 0))
        #expect(
            others?.description
                == "The config note has 1024000 bytes, and the swarm takes at most 1023999. Put "
                + "it into the image, or into a volume.\nThe secret token is empty, and the swarm "
                + "takes no empty one. Give it a content, or take it out of the compose file.")
    }

    @Test("They are kept for a later day, for the owner's eyes, and apart from the record")
    func record() throws {
        let (plan, contents) = try ObjectSample.read()
        let record = SwarmRecord(plan.release, in: folder.path)
        #expect(try record.contents().isEmpty)
        try record.write(contents)
        try record.write(plan)
        #expect(try record.contents() == contents)
        #expect(try record.read().objects == plan.objects)
        let path = folder("releases/\(plan.release)")
        for name in ["objects.json", "swarm.json"] {
            var status = stat()
            #expect(stat("\(path)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
        let text = try FileSystem().readText("\(path)/swarm.json")
        for secret in ["t0ken", Data("t0ken".utf8).base64EncodedString()] {
            #expect(!text.contains(secret))
        }
    }
}

/// A manager of a swarm, played by a socket of this test's own with answers of Docker 20.10.
@Suite("Objects of an app in its swarm", .timeLimit(.minutes(20)))
struct SwarmObjectEngineTests {
    private static let pong = Receiver.Answer.status(200, fields: ["Api-Version": "1.41"])
    private static let none = Receiver.Answer.status(404, body: "{}")
    private static let made = Receiver.Answer.status(201, body: "{}")

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func answer(_ value: JSONValue) throws -> Receiver.Answer {
        .status(200, body: try value.serialized())
    }

    private static func found(
        _ id: String, _ name: String, _ labels: [String: String] = [:]
    ) -> JSONValue {
        [
            "ID": .string(id),
            "Spec": ["Name": .string(name), "Labels": .object(labels.mapValues(JSONValue.string))],
        ]
    }

    private static func own(_ id: String, _ object: SwarmObject) -> JSONValue {
        found(
            id, object.name(in: "shop"),
            ["teal.app": "shop", "teal.digest": object.digest])
    }

    /// The requests in order, each with its body.
    private func asking(
        _ answers: [Receiver.Answer], _ body: (SwarmEngine) async throws -> Void
    ) async throws -> [(act: String, body: String)] {
        let daemon = try await Receiver.start([Self.pong] + answers, at: folder("docker.sock"))
        let api = EngineAPI(.socket(path: folder("docker.sock")))
        let engine = SwarmEngine(
            SwarmEngine.Settings(
                app: "shop", stateDirectory: folder.path, runner: ScriptedRunner(),
                tool: { throw DockerError.noCompose }, api: api, choices: ReleaseChoices(),
                swarm: SwarmSample.ports, clock: ManualClock()))
        do {
            try await body(engine)
        } catch {
            try await api.shutDown()
            try await daemon.stop()
            throw error
        }
        try await api.shutDown()
        try await daemon.stop()
        var requests: [(String, String)] = []
        for await request in daemon.requests.dropFirst() {
            requests.append(
                (
                    "\(request.method) \(request.path.replacing("/v1.41", with: ""))",
                    String(decoding: request.body, as: UTF8.self)
                ))
        }
        return requests
    }

    @Test("Those that the swarm has not are made of the record, and the others are found")
    func makes() async throws {
        let (plan, contents) = try ObjectSample.read()
        try SwarmRecord(plan.release, in: folder.path).write(contents)
        let names = plan.objects.map { $0.name(in: "shop") }
        var ids: [SwarmObject.Kind: [String: String]] = [:]
        let requests = try await asking([
            Self.none, Self.made, try Self.answer(Self.own("c1", plan.objects[0])),
            try Self.answer(Self.found("c2", "theirs")), Self.none, Self.made,
            try Self.answer(Self.own("s1", plan.objects[1])),
        ]) { engine in
            ids = try await engine.makeObjects(of: plan, for: plan.services).objectIDs
        }
        #expect(ids == [.config: [names[0]: "c1", "theirs": "c2"], .secret: [names[1]: "s1"]])
        #expect(
            requests.map(\.act) == [
                "GET /configs/\(names[0])", "POST /configs/create", "GET /configs/\(names[0])",
                "GET /configs/theirs", "GET /secrets/\(names[1])", "POST /secrets/create",
                "GET /secrets/\(names[1])",
            ])
        let config = try JSONValue(parsing: Array(requests[1].body.utf8))
        #expect(
            config == [
                "Name": .string(names[0]), "Data": "aGVsbG8=",
                "Labels": ["teal.app": "shop", "teal.digest": .string(plan.objects[0].digest)],
            ])
        let secret = try JSONValue(parsing: Array(requests[5].body.utf8))
        #expect(secret["Data"] == "dDBrZW4=")
    }

    @Test("An object that is there needs no content, and without one a missing object is named")
    func withoutContents() async throws {
        let plan = try ObjectSample.read().plan
        await #expect(
            throws: SwarmError.noContent(
                kind: "secret", key: "token", plan.release,
                name: plan.objects[1].name(in: "shop"))
        ) {
            _ = try await asking([
                try Self.answer(Self.own("c1", plan.objects[0])),
                try Self.answer(Self.found("c2", "theirs")), Self.none,
            ]) { _ = try await $0.makeObjects(of: plan, for: plan.services) }
        }
    }

    @Test("A stranger's object is told and never used")
    func foreign() async throws {
        let plan = try ObjectSample.read().plan
        let name = plan.objects[0].name(in: "shop")
        var obstacles: [Obstacle] = []
        _ = try await asking([
            try Self.answer(Self.found("c1", name)), Self.none, Self.none,
        ]) { obstacles = try await $0.objectObstacles(to: plan) }
        #expect(
            obstacles.map(\.description) == [
                "\(SwarmError.foreignObject(kind: "config", name: name))",
                "\(SwarmError.noObject(kind: "config", key: "theirs", name: "theirs"))",
            ])
        await #expect(throws: SwarmError.foreignObject(kind: "config", name: name)) {
            _ = try await asking([try Self.answer(Self.found("c1", name))]) {
                _ = try await $0.makeObjects(of: plan, for: plan.services)
            }
        }
    }

    @Test("Those that neither a service nor a recorded release has are removed, and no others")
    func discards() async throws {
        let (plan, contents) = try ObjectSample.read()
        let record = SwarmRecord(plan.release, in: folder.path)
        try record.write(contents)
        try record.write(plan)
        var used = try ObjectSample.read(note: "of a service").plan
        used.objectIDs = [:]
        let service = used.spec(of: try ObjectSample.web(of: used), in: .blue)
        let old = try ObjectSample.read(note: "old", token: "older").plan
        let held = Receiver.Answer.status(
            400, body: #"{"message": "rpc error: config 'x' is in use by the following service"}"#)
        let requests = try await asking([
            .status(200, body: "[\(try SwarmSample.service(service))]"),
            try Self.answer([
                Self.own("c1", plan.objects[0]), Self.own("c2", used.objects[0]),
                Self.own("c3", old.objects[0]),
            ]), held,
            try Self.answer([Self.own("s1", plan.objects[1]), Self.own("s2", old.objects[1])]),
            .status(204),
        ]) { try await $0.discardObjects(keeping: [plan.release]) }
        #expect(
            requests.map(\.act).filter { $0.hasPrefix("DELETE") } == [
                "DELETE /configs/c3", "DELETE /secrets/s2",
            ])
        let filter = "%22teal.app%3Dshop%22%2C%22teal.digest%22"
        #expect(requests.filter { $0.act.hasPrefix("GET /configs?") }[0].act.contains(filter))
    }

    @Test("One that only another manager's release could need again stays")
    func keptElsewhere() async throws {
        let plan = try ObjectSample.read().plan
        let copy = try SwarmRecord.copy(of: plan).base64EncodedString()
        let config: JSONValue = [
            "ID": "r1", "Version": ["Index": 3],
            "Spec": [
                "Name": "shop-record-1", "Data": .string(copy),
                "Labels": [
                    "teal.app": "shop", "teal.record": "release",
                    "teal.release": .string(plan.release.text),
                ],
            ],
        ]
        let requests = try await asking([
            .status(200, body: "[]"), .status(200, body: "[\(try config.serialized())]"),
            try Self.answer([Self.own("c1", plan.objects[0])]),
            try Self.answer([Self.own("s1", plan.objects[1])]),
        ]) { try await $0.discardObjects(keeping: [plan.release]) }
        #expect(requests.map(\.act).filter { $0.hasPrefix("DELETE") }.isEmpty)
        #expect(SwarmRecord(plan.release, in: folder.path).isThere)
    }

    @Test("A shared service that runs with another content is told, and nothing is said of equals")
    func shared() async throws {
        let (web, _) = try ObjectSample.read()
        var settings = web.settings
        settings["web"] = ServiceSettings(role: .shared)
        func shared(_ plan: SwarmPlan) -> SwarmPlan {
            SwarmPlan(
                project: plan.project, settings: settings, choices: plan.choices,
                release: plan.release, objects: plan.objects)
        }
        let before = shared(web)
        let spec = before.spec(of: try ObjectSample.web(of: before), in: nil)
        let now = shared(try ObjectSample.read(token: "changed").plan)
        for (plan, expected) in [
            (before, []),
            (
                now,
                [
                    "web runs with another definition than the compose file has now (secrets). It "
                        + "is left alone; `docker service rm shop-shared-web` ends it, and the "
                        + "next `teal deploy` makes it anew."
                ]
            ),
        ] {
            var notices: [String] = []
            _ = try await asking([.status(200, body: "[\(try SwarmSample.service(spec))]")]) {
                notices = try await $0.sharedNotices(of: plan)
            }
            #expect(notices == expected)
        }
    }
}
