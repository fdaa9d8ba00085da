import BlueGreen
import HostSystem
import NIOHTTP1
import TestSupport
import Testing

@testable import Notices

@Suite("Heartbeat", .timeLimit(.minutes(20)))
struct HeartbeatTests {
    private static let token = "XXtokenXX"
    /// On it no answer comes too late.
    private static var patient: ManualClock { ManualClock(skippingWaitsTo: .zero) }

    private func heartbeat(
        at port: Int, _ path: String = "/api/push/\(token)?status=up"
    ) throws -> Heartbeat {
        Heartbeat(to: try WebhookAddress("http://127.0.0.1:\(port)\(path)"))
    }

    @Test("A beat is one GET of the whole address, with its log-in and without a body")
    func get() async throws {
        let receiver = try await Receiver.start(.status(200, body: "{\"ok\": true}"))
        let heartbeat = Heartbeat(
            to: try WebhookAddress("http://me:pw@127.0.0.1:\(receiver.port)/push?key=1"))
        #expect(await heartbeat.beat(by: Self.patient) == nil)
        var requests = receiver.requests.makeAsyncIterator()
        let request = try #require(await requests.next())
        #expect(request.method == .GET)
        #expect(request.path == "/push?key=1")
        #expect(request.fields.first(name: "Authorization") == "Basic bWU6cHc=")
        #expect(request.body.isEmpty)
        #expect(receiver.count == 1)
        try await receiver.stop()
    }

    @Test("An answer of an error is told without the secret, and not tried again")
    func refused() async throws {
        let receiver = try await Receiver.start(.status(500, body: "no monitor \(Self.token)"))
        let heartbeat = try heartbeat(at: receiver.port)
        let failure = try #require(await heartbeat.beat(by: Self.patient))
        #expect(
            failure
                == .answered(status: 500, text: "no monitor [hidden]", retryAfter: nil))
        #expect(
            heartbeat.warning(of: failure)
                == "The heartbeat at 127.0.0.1 was not reached: it answered 500 (no monitor "
                + "[hidden]). Next: check its address under `watch.heartbeat` in teal.yml and the "
                + "host's way to it.")
        #expect(receiver.count == 1)
        try await receiver.stop()
    }

    @Test("A redirect is not followed")
    func redirect() async throws {
        let other = try await Receiver.start(.status(200))
        let receiver = try await Receiver.start(
            .status(302, fields: ["Location": "http://127.0.0.1:\(other.port)/"]))
        let failure = await (try heartbeat(at: receiver.port)).beat(by: Self.patient)
        #expect(failure == .answered(status: 302, text: "", retryAfter: nil))
        #expect(other.count == 0)
        try await receiver.stop()
        try await other.stop()
    }

    @Test("A server that never answers is given up after ten seconds")
    func silence() async throws {
        let receiver = try await Receiver.start(.silence)
        let clock = ManualClock(skippingWaitsTo: .seconds(2))
        let heartbeat = try heartbeat(at: receiver.port)
        async let failure = heartbeat.beat(by: clock)
        var requests = receiver.requests.makeAsyncIterator()
        _ = await requests.next()
        clock.pass(.seconds(10))
        #expect(await failure == .silent(.seconds(10)))
        try await receiver.stop()
    }

    @Test("Nobody there is told")
    func nobody() async throws {
        let heartbeat = try heartbeat(at: try await Receiver.deafPort())
        guard case .unreachable(let reason)? = await heartbeat.beat(by: Self.patient) else {
            Issue.record("it was reached")
            return
        }
        #expect(reason == "Connection refused")
    }

    @Test("In a cancelled task nothing is sent")
    func cancelled() async throws {
        let receiver = try await Receiver.start(.status(200))
        let heartbeat = try heartbeat(at: receiver.port)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await heartbeat.beat(by: Self.patient)
        }
        #expect(await task.value == .cancelled)
        #expect(receiver.count == 0)
        try await receiver.stop()
    }

    @Test("No description, dump or mirror shows the address")
    func secret() throws {
        let heartbeat = try heartbeat(at: 9)
        var dumped = ""
        dump(heartbeat, to: &dumped)
        for text in ["\(heartbeat)", String(reflecting: heartbeat), dumped, heartbeat.name] {
            #expect(!text.contains(Self.token))
        }
    }
}
