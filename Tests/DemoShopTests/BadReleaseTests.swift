import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import DemoShop

@Suite("The answers of a bad release")
struct BadReleaseTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    /// The statuses of these requests in their order; nil for what is no plain answer.
    private func statuses(
        _ variables: [String: String], _ paths: [String]
    ) async throws -> [Int?] {
        let settings = try Settings(environment: Environment { variables[$0] })
        return try await loop.submit { [loop] in
            let journal = Journal(role: "web", version: "test")
            let shop = Shop(settings: settings, journal: journal, hostName: "here", loop: loop)
            defer { _ = shop.drain.begin(within: .zero) }
            return paths.map { path in
                let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
                return Self.status(shop.answer(Request(head: head, body: ByteBuffer()), at: .now()))
            }
        }.get()
    }

    private static func status(_ answer: Answer) -> Int? {
        switch answer {
        case .reply(let reply): reply.status
        case .after(_, let answer): status(answer)
        case .eventually, .stream, .webSocket, .never, .crash: nil
        }
    }

    @Test("A failing share leaves the health path alone, which does not count either")
    func healthPathIsSpared() async throws {
        let found = try await statuses(
            ["SHOP_FAIL_EVERY": "2"],
            ["/version", "/healthz", "/healthz", "/version", "/version", "/healthz", "/version"])
        #expect(found == [200, 200, 200, 500, 200, 200, 500])
    }

    @Test("A worn out release answers its visitors and not its probes")
    func wornOut() async throws {
        let found = try await statuses(
            ["SHOP_UNHEALTHY_AFTER": "2"],
            ["/healthz", "/version", "/healthz", "/version", "/healthz", "/version"])
        #expect(found == [200, 200, 200, 200, 503, 200])
    }

    @Test("A slow release gives the usual answers later")
    func slow() async throws {
        let found = try await statuses(["SHOP_DELAY_MS": "5"], ["/version", "/slow?ms=5", "/no"])
        #expect(found == [200, 200, 404])
    }
}
