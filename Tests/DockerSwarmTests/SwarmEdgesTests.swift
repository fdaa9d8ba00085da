import BlueGreen
import DockerEngine
import HostSystem
import Orchestration
import Testing
import TestSupport

@testable import DockerSwarm

/// Managers of a swarm, played by a socket of this test's own with answers of Docker 20.10.
@Suite("The edges of a swarm as a router", .timeLimit(.minutes(20)))
struct SwarmEdgesTests {
    private static let pong = Receiver.Answer.status(200, fields: ["Api-Version": "1.41"])
    private static let blue = SwarmSample.state(epoch: 4, .all(.blue))
    private static let green = SwarmSample.state(epoch: 5, .all(.green))

    private let folder: TemporaryFolder
    private let socket: String

    init() throws {
        folder = try TemporaryFolder()
        socket = folder("docker.sock")
    }

    private static func answer(_ body: String, _ status: Int = 200) -> Receiver.Answer {
        .status(status, body: body)
    }

    private static func service(_ state: EdgeState) throws -> Receiver.Answer {
        answer(try SwarmSample.edgeService(state))
    }

    private static func tasks(_ tasks: String...) -> Receiver.Answer {
        answer("[\(tasks.joined(separator: ","))]")
    }

    private static func task(
        _ id: String, node: Int, _ state: EdgeState, _ word: String = "running",
        desired: String = "running", error: String? = nil
    ) throws -> String {
        try SwarmSample.task(
            id, node: node, desired: desired, state: word, error: error,
            environment: [try SwarmSample.variable(state)])
    }

    private static func nodes(_ nodes: String...) -> Receiver.Answer {
        answer("[\(nodes.joined(separator: ","))]")
    }

    private static let both = nodes(SwarmSample.node(1), SwarmSample.node(2))

    private func asking<Result>(
        _ daemon: Receiver, as claim: EdgeClaim = EdgeClaim(),
        _ body: (SwarmEdges) async throws -> Result
    ) async throws -> Result {
        let api = EngineAPI(.socket(path: socket))
        // It passes by the waits alone.
        var edges = SwarmEdges(SwarmSample.settings, api: api, clock: ManualClock())
        edges.api.patience = .zero
        edges.claim = claim
        do {
            let result = try await body(edges)
            try await api.shutDown()
            try await daemon.stop()
            return result
        } catch {
            try await api.shutDown()
            try await daemon.stop()
            throw error
        }
    }

    @Test("A switch is done once a task of its epoch runs on every edge")
    func switches() async throws {
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.blue), Self.answer("{}"),
            try Self.service(Self.green),
            Self.tasks(
                try Self.task("a", node: 1, Self.green, "starting"),
                try Self.task("b", node: 2, Self.green)), Self.both,
            try Self.service(Self.green),
            Self.tasks(
                try Self.task("a", node: 1, Self.green), try Self.task("b", node: 2, Self.green)),
            Self.both, at: socket)
        try await asking(daemon) { try await $0.route(.all(.green)) }
    }

    @Test("A task of an epoch of before is no confirmation")
    func olderTasks() async throws {
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.green), try Self.service(Self.green),
            Self.tasks(
                try Self.task("a", node: 1, Self.green), try Self.task("b", node: 2, Self.blue)),
            Self.both, try Self.service(Self.green), at: socket)
        await #expect(throws: (any Error).self) {
            try await asking(daemon) { try await $0.route(.all(.green)) }
        }
    }

    @Test("An edge that refuses is named with its own reason")
    func refuses() async throws {
        let report = try EdgeReport(epoch: 5, failure: "nginx is not running").line
        let frame = "\u{1}\0\0\0\0\0\0" + String(UnicodeScalar(UInt8(report.utf8.count))) + report
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.green), try Self.service(Self.green),
            Self.tasks(
                try Self.task("a", node: 1, Self.green),
                try Self.task(
                    "b", node: 2, Self.green, "failed", desired: "shutdown",
                    error: "task: non-zero exit (1)")), Self.both,
            Self.answer(frame), at: socket)
        await #expect(
            throws: SwarmError.edgeRefused(node: "node2", reason: "nginx is not running")
        ) {
            try await asking(daemon) { try await $0.route(.all(.green)) }
        }
    }

    private static func log(_ report: EdgeReport) throws -> Receiver.Answer {
        // The length of the frame is of four bytes, and each of them a character of its own.
        let line = try report.line
        let padded = line + String(repeating: " ", count: 256 - line.utf8.count % 256 + 64)
        let length = padded.utf8.count
        return answer(
            "\u{1}\0\0\0\0\0\(UnicodeScalar(UInt8(length / 256)))\(UnicodeScalar(UInt8(length % 256)))"
                + padded)
    }

    private static func counted(
        _ epoch: Int, _ blue: RequestTally?, _ green: RequestTally
    ) throws -> Receiver.Answer {
        try log(
            EdgeReport(
                epoch: epoch,
                confirmed: EdgeReport.Confirmation(
                    division: .share(Share(percent: 10), to: .green), at: Sample.moment,
                    blue: .init(answered: blue), green: .init(answered: green))))
    }

    private static func tally(
        _ requests: Int, errors: Int = 0, milliseconds: Int
    ) -> RequestTally {
        RequestTally(
            requests: requests, errors: errors, turnedAway: 0, latencies: [milliseconds: requests])
    }

    @Test("What each edge counted is added up, that of tasks that are over too, and asked for once")
    func observes() async throws {
        var before = SwarmSample.state(epoch: 4, .share(Share(percent: 10), to: .green))
        before.watchedUntil = Sample.moment + .seconds(60)
        let now = before.renewed(before.site)
        let other = SwarmSample.state(epoch: 3, .all(.blue))
        let tasks = Self.tasks(
            try Self.task("o", node: 1, other, "shutdown", desired: "shutdown"),
            try Self.task("a", node: 1, before, "shutdown", desired: "shutdown"),
            try Self.task("b", node: 1, now), try Self.task("c", node: 2, now))
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(now), tasks, Self.both,
            try Self.counted(
                4, Self.tally(40, milliseconds: 5), Self.tally(2, errors: 1, milliseconds: 9)),
            try Self.counted(
                5, Self.tally(50, milliseconds: 5), Self.tally(5, milliseconds: 9)),
            try Self.counted(5, nil, Self.tally(3, errors: 1, milliseconds: 90)),
            try Self.service(now), tasks, Self.both,
            try Self.counted(
                5, Self.tally(60, milliseconds: 5), Self.tally(6, milliseconds: 9)),
            try Self.counted(5, nil, Self.tally(3, errors: 1, milliseconds: 90)), at: socket)
        try await asking(daemon) { edges in
            let observer = SwarmObserver(edges)
            let first = try await observer.look()
            #expect(first[.blue]?.requests == 90)
            #expect(
                first[.green]
                    == RequestFigures(
                        requests: 10, errors: 2, p50: .milliseconds(9), p95: .milliseconds(90),
                        p99: .milliseconds(90)))
            let second = try await observer.look()
            #expect(second[.blue]?.requests == 100)
            #expect(second[.green]?.requests == 11)
        }
    }

    @Test("A switch of all traffic ends the counting, and a greater share goes on with it")
    func endsWatch() {
        var watched = SwarmSample.state(epoch: 4, .share(Share(percent: 10), to: .green))
        watched.watchedUntil = Sample.moment + .seconds(60)
        var (more, all) = (watched, watched)
        more.divide(.share(Share(percent: 50), to: .green))
        all.divide(.all(.green))
        #expect(more.traffic.isWatched)
        #expect(!all.traffic.isWatched)
        #expect(watched.renewed(watched.site).watchedUntil == watched.watchedUntil)
    }

    @Test("A proof that failed is withdrawn: no later task asks a colour that may be gone")
    func withdrawnProof() async throws {
        let claim = EdgeClaim()
        let web = PlannedService(name: "web", role: .exposed, replicas: 1)
        var proving = SwarmSample.state(epoch: 5, .all(.blue))
        proving.proof = EdgeState.Proof(
            colour: .green, services: [web], until: Sample.moment + .seconds(3))
        let found = Self.answer(
            try SwarmSample.service(
                try EdgeService(proving, SwarmSample.settings, claim).spec))
        let report = try EdgeReport(epoch: 5, failure: "no address").line
        let frame = "\u{1}\0\0\0\0\0\0" + String(UnicodeScalar(UInt8(report.utf8.count))) + report
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.blue), Self.answer("{}"), found,
            Self.tasks(try Self.task("a", node: 1, proving, "failed", desired: "shutdown")),
            Self.nodes(SwarmSample.node(1)), Self.answer(frame), found, Self.answer("{}"),
            at: socket)
        let result = try await asking(daemon, as: claim) {
            await $0.probe(web, through: .colour(.green))
        }
        #expect(result != .passed)
        var written: [String] = []
        for await request in daemon.requests where request.path.contains("/update") {
            written.append(String(decoding: request.body, as: UTF8.self))
        }
        #expect(written.count == 2)
        #expect(written.first?.contains("proof") == true)
        #expect(written.last?.contains("proof") == false)
    }

    @Test("An edge that refused before, and comes again now, has another word")
    func comesAgain() async throws {
        let claim = EdgeClaim()
        let blue = Self.answer(
            try SwarmSample.service(
                try EdgeService(Self.blue, SwarmSample.settings, claim).spec))
        let failed = try Self.task("a", node: 1, Self.blue, "failed", desired: "shutdown")
        let daemon = try await Receiver.start(
            Self.pong, blue, blue,
            Self.tasks(failed, try Self.task("b", node: 1, Self.blue, "starting")),
            Self.nodes(SwarmSample.node(1)), blue,
            Self.tasks(failed, try Self.task("b", node: 1, Self.blue)),
            Self.nodes(SwarmSample.node(1)), at: socket)
        try await asking(daemon, as: claim) { try await $0.prepare() }
        #expect(daemon.count == 8)
    }

    @Test("A second writer is told, and changes nothing")
    func overtaken() async throws {
        let text = #"{"message": "rpc error: code = Unknown desc = update out of sequence"}"#
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.blue), Self.answer(text, 500),
            try Self.service(SwarmSample.state(epoch: 5, .all(.blue))), at: socket)
        await #expect(throws: SwarmError.overtaken(service: "shop-edge")) {
            try await asking(daemon) { try await $0.route(.all(.green)) }
        }
        #expect(SwarmError.overtaken(service: "x").meaning == .overtaken)
    }

    @Test("A version that the swarm itself has made is no other writer")
    func ownVersions() async throws {
        let text = #"{"message": "rpc error: code = Unknown desc = update out of sequence"}"#
        let blue = try Self.service(Self.blue)
        let daemon = try await Receiver.start(
            Self.pong, blue, Self.answer(text, 500), blue, Self.answer("{}"),
            try Self.service(Self.green),
            Self.tasks(
                try Self.task("a", node: 1, Self.green), try Self.task("b", node: 2, Self.green)),
            Self.both, at: socket)
        try await asking(daemon) { try await $0.route(.all(.green)) }
    }

    @Test("A run that another one has overtaken moves no traffic any more")
    func claimed() async throws {
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.blue), Self.answer("{}"),
            try Self.service(Self.green),
            Self.tasks(
                try Self.task("a", node: 1, Self.green), try Self.task("b", node: 2, Self.green)),
            Self.both, try Self.service(Self.green), at: socket)
        await #expect(throws: SwarmError.overtaken(service: "shop-edge")) {
            try await asking(daemon) { edges in
                try await edges.route(.all(.green))
                // No change, and refused all the same.
                try await edges.route(.all(.green))
            }
        }
    }

    @Test("A colour is kept while an edge has not confirmed the other one")
    func held() async throws {
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.green),
            Self.tasks(
                try Self.task("a", node: 1, Self.green), try Self.task("b", node: 2, Self.blue)),
            Self.both, at: socket)
        await #expect(
            throws: SwarmError.colourHeld(.blue, by: ["node2 has not confirmed"])
        ) {
            try await asking(daemon) { try await $0.refuseHeld(.blue) }
        }
    }

    @Test("The colour that the record says is left to who takes the app down")
    func served() async throws {
        let daemon = try await Receiver.start(
            Self.pong, try Self.service(Self.green), at: socket)
        try await asking(daemon) { try await $0.refuseHeld(.green) }
    }

    @Test("Managers without a majority are no state of traffic")
    func leaderless() async throws {
        let text = "The swarm does not have a leader."
        let daemon = try await Receiver.start(
            Self.pong, Self.answer(#"{"message": "\#(text)"}"#, 503),
            Self.answer(#"{"Swarm": {"ControlAvailable": true}}"#), at: socket)
        await #expect(throws: SwarmError.noLeader(text: text)) {
            try await asking(daemon) { _ = try await $0.readLink() }
        }
        #expect(SwarmError.noLeader(text: text).meaning == .noMajority)
    }

    @Test("A leader that lost its majority answers in other words, and means the same")
    func lateLeader() async throws {
        let text = "The swarm does not have a leader."
        let daemon = try await Receiver.start(
            Self.pong, Self.answer(#"{"message": "context deadline exceeded"}"#, 500),
            Self.answer(#"{"Swarm": {"ControlAvailable": true, "Error": "\#(text)"}}"#),
            at: socket)
        await #expect(throws: SwarmError.noLeader(text: text)) {
            try await asking(daemon) { _ = try await $0.readLink() }
        }
    }

    @Test("Another leader is waited for")
    func otherLeader() async throws {
        let daemon = try await Receiver.start(
            Self.pong, Self.answer(#"{"message": "no leader"}"#, 503),
            Self.answer(#"{"Swarm": {"ControlAvailable": true}}"#), try Self.service(Self.green),
            at: socket)
        let reading = try await asking(daemon) { edges in
            var edges = edges
            edges.api.patience = .seconds(30)
            return try await edges.readLink()
        }
        #expect(reading == .leads(Traffic(.green)))
    }

    @Test("A worker is sent to a manager")
    func worker() async throws {
        let text = "This node is not a swarm manager."
        let daemon = try await Receiver.start(
            Self.pong, Self.answer(#"{"message": "\#(text)"}"#, 503),
            Self.answer(#"{"Swarm": {"ControlAvailable": false}}"#), at: socket)
        await #expect(throws: SwarmError.notManager(text: text)) {
            try await asking(daemon) { _ = try await $0.readLink() }
        }
    }

    @Test("The specification says who has traffic, and its absence that nobody had any")
    func link() async throws {
        let found = try await Receiver.start(
            Self.pong, try Self.service(Self.green), at: socket)
        let reading = try await asking(found) { try await $0.readLink() }
        #expect(reading == .leads(Traffic(.green)))
        let none = try await Receiver.start(Self.pong, Self.answer("{}", 404), at: folder("none"))
        let api = EngineAPI(.socket(path: folder("none")))
        let edges = SwarmEdges(SwarmSample.settings, api: api, clock: SystemClock())
        guard case .unwritten = try await edges.readLink() else {
            Issue.record("a service that is not there said something")
            return
        }
        try await api.shutDown()
        try await none.stop()
    }

    @Test(
        "An edge that is absent is in the way of a deploy",
        arguments: [
            ("down", "active", "node2 is down"), ("ready", "drain", "node2 is set to drain"),
        ])
    func absent(_ state: String, _ availability: String, _ said: String) async throws {
        let daemon = try await Receiver.start(
            Self.pong,
            Self.nodes(
                SwarmSample.node(1),
                SwarmSample.node(2, state: state, availability: availability)), at: socket)
        let obstacles = try await asking(daemon) { try await $0.obstacles(to: []) }
        #expect(obstacles.map(\.description).joined().contains(said))
    }
}
