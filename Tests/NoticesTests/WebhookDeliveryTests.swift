import BlueGreen
import HostSystem
import NIOHTTP1
import NIOSSL
import TestSupport
import Testing

@testable import Notices

@Suite("Delivery to webhooks", .timeLimit(.minutes(20)))
struct WebhookDeliveryTests {
    private let clock = ManualClock(skippingWaitsTo: .seconds(2))

    private func send(
        _ notice: Notice = .full, to targets: NoticeTarget...
    ) async -> [NoticeOutcome] {
        await NoticeSender(runner: ScriptedRunner(), clock: clock).send(notice, to: targets)
    }

    private func url(_ receiver: Receiver, _ path: String = "/services/T0/XXtokenXX") -> String {
        "http://127.0.0.1:\(receiver.port)\(path)"
    }

    @Test("A receiver that makes the signature itself gets the same")
    func signed() async throws {
        let receiver = try await Receiver.start(.status(204))
        let secret = Secret("s3cr3t")
        let outcomes = await send(
            to: try .webhook(.generic(signedWith: secret), url(receiver, "/hook?key=1")))
        #expect(outcomes.map(\.failure) == [nil])
        #expect(outcomes.map(\.warning) == [nil])

        var requests = receiver.requests.makeAsyncIterator()
        let request = try #require(await requests.next())
        #expect(request.method == .POST)
        #expect(request.path == "/hook?key=1")
        #expect(request.fields.first(name: "Content-Type") == "application/json")
        let timestamp = try #require(request.fields.first(name: "X-Teal-Timestamp"))
        let code = NoticeSignature.hexadecimal(
            of: Array("\(timestamp).".utf8) + request.body, key: "s3cr3t")
        #expect(request.fields.first(name: "X-Teal-Signature") == "sha256=\(code)")
        try await receiver.stop()
    }

    @Test("An answer of 500 is tried again, with the same body, until it is taken")
    func retried() async throws {
        let receiver = try await Receiver.start(.status(500), .status(503), .status(200))
        let outcomes = await send(to: try .webhook(.slack, url(receiver)))
        #expect(outcomes.map(\.attempts) == [3])
        #expect(outcomes.map(\.failure) == [nil])
        #expect(clock.waits == [.milliseconds(500), .seconds(2)])
        var requests = receiver.requests.makeAsyncIterator()
        let bodies = [await requests.next(), await requests.next(), await requests.next()]
        #expect(Set(bodies.map { $0?.body }).count == 1)
        try await receiver.stop()
    }

    @Test("An answer of 400 is not tried again, and its words are shown without the secret")
    func refused() async throws {
        let receiver = try await Receiver.start(
            .status(400, body: "invalid_token\nXXtokenXX \u{1B}[31m"))
        let outcomes = await send(to: try .webhook(.slack, url(receiver)))
        #expect(receiver.count == 1)
        #expect(
            outcomes.map(\.warning) == [
                "The notice `rolled_back` did not get through to the Slack webhook at 127.0.0.1: "
                    + "it answered 400 (invalid_token [hidden] ). "
                    + "Next: check the address under `notify` in teal.yml."
            ])
        try await receiver.stop()
    }

    @Test("A redirect is not followed")
    func redirect() async throws {
        let other = try await Receiver.start(.status(200))
        let receiver = try await Receiver.start(.status(307, fields: ["Location": url(other)]))
        let outcomes = await send(to: try .webhook(.slack, url(receiver)))
        #expect(outcomes.first?.failure == .answered(status: 307, text: "", retryAfter: nil))
        #expect(other.count == 0)
        try await receiver.stop()
        try await other.stop()
    }

    @Test("A server that asks for a second and a half gets it")
    func patience() async throws {
        let receiver = try await Receiver.start(
            .status(429, fields: ["Retry-After": "1.5"]), .status(200))
        let outcomes = await send(to: try .webhook(.discord, url(receiver)))
        #expect(outcomes.map(\.failure) == [nil])
        #expect(clock.waits == [.milliseconds(1500)])
        try await receiver.stop()
    }

    @Test("A port on which nobody listens is tried three times")
    func nobody() async throws {
        let port = try await Receiver.deafPort()
        let outcomes = await send(to: try .webhook(.slack, "http://127.0.0.1:\(port)/XXtokenXX"))
        #expect(outcomes.map(\.attempts) == [3])
        #expect(outcomes.first?.failure == .unreachable(reason: "Connection refused"))
        #expect(clock.waits == [.milliseconds(500), .seconds(2)])
    }

    @Test("Nothing is told to a server whose certificate nobody vouches for")
    func untrusted() async throws {
        let certificate = try NIOSSLCertificate(
            bytes: Array(SelfSigned.certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(SelfSigned.key.utf8), format: .pem)
        let encryption = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
        let receiver = try await Receiver.start(.status(200), behind: encryption)
        let outcomes = await send(
            to: try .webhook(.slack, "https://127.0.0.1:\(receiver.port)/XXtokenXX"))
        #expect(receiver.count == 0)
        #expect(
            outcomes.first?.failure
                == .unreachable(
                    reason: "TLS could not be agreed on; its certificate may not be one that "
                        + "this host trusts"))
        try await receiver.stop()
    }

    @Test("A connection that is closed without an answer is tried again")
    func closed() async throws {
        let receiver = try await Receiver.start(.close, .status(200))
        let outcomes = await send(to: try .webhook(.slack, url(receiver)))
        #expect(outcomes.map(\.attempts) == [2])
        #expect(outcomes.map(\.failure) == [nil])
        try await receiver.stop()
    }

    @Test("A server that never answers costs ten seconds an attempt and 25 in all")
    func silent() async throws {
        let receiver = try await Receiver.start(.silence)
        let began = clock.now
        async let outcomes = send(to: try .webhook(.slack, url(receiver)))
        var requests = receiver.requests.makeAsyncIterator()
        for time in [10_000, 10_000, 2_500] {
            _ = await requests.next()
            clock.pass(.milliseconds(time))
        }
        let outcome = try #require(try await outcomes.first)
        #expect(outcome.attempts == 3)
        #expect(outcome.failure == .silent(.milliseconds(2500)))
        #expect(clock.now - began == .seconds(25))
        try await receiver.stop()
    }

    @Test("All targets are told at the same time, and outcomes stand in their order")
    func together() async throws {
        let first = try await Receiver.start(.silence)
        let second = try await Receiver.start(.silence)
        async let outcomes = send(
            to: try .webhook(.slack, url(first)), try .webhook(.discord, url(second)))
        // Both have come while neither is answered and no time has passed.
        var firstRequests = first.requests.makeAsyncIterator()
        var secondRequests = second.requests.makeAsyncIterator()
        _ = await firstRequests.next()
        _ = await secondRequests.next()
        clock.pass(.seconds(30))
        let ended = try await outcomes
        #expect(
            ended.map(\.target) == [
                "the Slack webhook at 127.0.0.1", "the Discord webhook at 127.0.0.1",
            ])
        #expect(ended.map(\.attempts) == [1, 1])
        try await first.stop()
        try await second.stop()
    }

    @Test("A target that did not ask for an event does not hear of it")
    func events() async throws {
        let webhook = Webhook(.slack, at: try WebhookAddress("http://127.0.0.1:1/"))
        #expect(await send(to: NoticeTarget(.webhook(webhook), for: [.promoted])) == [])
    }

    @Test("A cancelled task sends nothing, and says so")
    func cancelled() async throws {
        let receiver = try await Receiver.start(.status(200))
        let target = try NoticeTarget.webhook(.slack, url(receiver))
        let sender = NoticeSender(runner: ScriptedRunner(), clock: clock)
        let outcomes = await withTaskGroup(of: [NoticeOutcome].self) { group in
            group.cancelAll()
            group.addTask { await sender.send(.full, to: [target]) }
            return await group.next()
        }
        #expect(outcomes?.map(\.failure) == [.cancelled])
        #expect(receiver.count == 0)
        try await receiver.stop()
    }

    @Test("A log-in in the address is sent as basic authentication")
    func logIn() async throws {
        let receiver = try await Receiver.start(.status(200))
        let address = "http://me:p%20w@127.0.0.1:\(receiver.port)/hook"
        _ = await send(to: try .webhook(.generic(signedWith: nil), address))
        var requests = receiver.requests.makeAsyncIterator()
        let request = await requests.next()
        #expect(request?.fields.first(name: "Authorization") == "Basic bWU6cCB3")
        #expect(request?.fields.first(name: "Host") == "127.0.0.1:\(receiver.port)")
        try await receiver.stop()
    }
}
