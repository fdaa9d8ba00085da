import BlueGreen
import DockerEngine
import Foundation
import HostSystem
import Orchestration
import Testing
import TestSupport

@testable import DockerSwarm

/// A manager of a swarm, played by a socket of this test's own with answers of Docker 20.10.
@Suite("The lease of an app among managers", .timeLimit(.minutes(20)))
struct SwarmLeaseTests {
    private static let pong = Receiver.Answer.status(200, fields: ["Api-Version": "1.41"])
    private static let facts = Receiver.Answer.status(
        200, body: #"{"Swarm": {"NodeID": "n1", "NodeAddr": "10.99.0.1"}}"#)
    private static let none = Receiver.Answer.status(404, body: "{}")
    private static let holder = LockHolder(
        pid: 7, since: Sample.moment, verb: "deploy", release: nil)

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// - Parameter until: from now on.
    private static func config(
        _ node: String, until: Duration, app: String = "shop"
    ) -> Receiver.Answer {
        let moment = Sample.moment + until
        let since = Sample.moment.milliseconds
        let other =
            "{\"pid\":9,\"since\":\(since),\"verb\":\"deploy\",\"host\":\"10.99.0.2\"}"
        return .status(
            200,
            body: """
                {"ID": "c1", "Version": {"Index": 9}, "Spec": {"Name": "shop-lease", "Labels": {
                 "teal.app": "\(app)", "teal.run": "other", "teal.node": "\(node)",
                 "teal.holder": \(JSONValue.string(other).compact),
                 "teal.until": "\(moment.milliseconds)"}}}
                """)
    }

    /// The requests that changed something, in order, and whether the body ran.
    private func hold(
        _ answers: [Receiver.Answer], waitingAtMost limit: Duration = .zero
    ) async throws -> (acts: [String], ran: Bool, error: SwarmError?) {
        let script = [Self.pong, Self.facts] + answers
        let daemon = try await Receiver.start(script, at: folder("docker.sock"))
        let api = EngineAPI(.socket(path: folder("docker.sock")))
        let clock = ManualClock(skippingWaitsTo: .seconds(1))
        let lease = SwarmLease(app: "shop", api: api, clock: clock)
        var (ran, found) = (false, SwarmError?.none)
        do {
            try await lease.holding(Self.holder, waitingAtMost: limit, onWait: { _ in }) {
                ran = true
            }
        } catch let error as SwarmError {
            found = error
        }
        try await api.shutDown()
        try await daemon.stop()
        var acts: [String] = []
        for await request in daemon.requests where "\(request.method)" != "GET" {
            acts.append("\(request.method) \(request.path)")
        }
        return (acts, ran, found)
    }

    @Test("A run makes it and, having ended, takes only its own away")
    func made() async throws {
        let held = try await hold([
            Self.none, .status(201, body: "{}"), Self.config("n2", until: .seconds(60)),
        ])
        #expect(held.ran && held.error == nil)
        #expect(held.acts == ["POST /v1.41/configs/create"])
    }

    @Test("A run on another manager is named, and nothing is done beside it")
    func refused() async throws {
        let held = try await hold([Self.config("n2", until: .seconds(30))])
        #expect(!held.ran && held.acts.isEmpty)
        let other = "`teal deploy` with pid 9 on 10.99.0.2, running since \(Sample.moment.rfc3339)"
        #expect(held.error == .leased(app: "shop", by: other))
        #expect(held.error?.meaning == .leased)
    }

    @Test(
        "A run that was killed keeps nobody: neither on its own node nor after its term",
        arguments: [("n1", Duration.seconds(30)), ("n2", .seconds(-1))])
    func takenOver(_ node: String, _ until: Duration) async throws {
        let held = try await hold([
            Self.config(node, until: until), .status(200, body: "{}"), Self.none,
        ])
        #expect(held.ran && held.error == nil)
        #expect(held.acts == ["POST /v1.41/configs/c1/update?version=9"])
    }

    @Test("Of two that take it over at once, one waits for the other")
    func race() async throws {
        let text = #"{"message": "rpc error: code = Unknown desc = update out of sequence"}"#
        let held = try await hold([
            Self.config("n2", until: .seconds(-1)), .status(500, body: text),
            Self.config("n3", until: .seconds(30)),
        ])
        #expect(!held.ran && held.error?.meaning == .leased)
    }

    @Test("A config of somebody else is left alone")
    func foreign() async throws {
        let held = try await hold([Self.config("n1", until: .zero, app: "other")])
        #expect(held.error == .foreignConfig("shop-lease") && held.acts.isEmpty)
    }
}
