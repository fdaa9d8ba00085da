import Dashboard
import TestSupport
import Testing

@Suite("Malformed requests")
struct MalformedRequestTests {
    /// Pieces that a hostile client puts together.
    private static let pieces = [
        "GET", "POST", "DELETE", "TRACE", " ", "  ", "/", "//", "/apps/shop", "/../..", "%", "%zz",
        "%00", "*", "http://evil/", "HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "\r\n", "\n", "\r",
        "\u{0}", "Host: localhost", "Host: ", "Host: evil", ": ", "Content-Length: 5",
        "Content-Length: -1", "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked",
        "Transfer-Encoding: x", "Cookie: teal_session=", "Authorization: Bearer ", "\u{ff}",
        "secret=", "&", "=", String(repeating: "a", count: 9000), "\r\n\r\n",
        "Upgrade: websocket", "Connection: close", "0\r\n\r\n", "ffffffffffffffff\r\n",
    ]

    @Test("None of ten thousand is accepted, and the page serves on", .timeLimit(.minutes(10)))
    func malformed() async throws {
        try await PageSample.served { page in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for seed in 1...UInt64(10) {
                    group.addTask { try await Self.attack(page, seed: seed) }
                }
                try await group.waitForAll()
            }
            #expect(page.source.begun == [])
            let fields = ["Authorization": "Bearer \(try page.token(.read))"]
            #expect(try await page.request("GET", "/api/v1/apps", fields).status == 200)
        }
    }

    private static func attack(_ page: PageSample, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 1...1000 {
            let count = Int.random(in: 1...12, using: &generator)
            let text = (1...count).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            // Closed by the client's half, so that no answer is a close too.
            let answer = PageAnswer(try await page.raw(text + "\r\n\r\nGET nothing\r\n\r\n"))
            let isPublic = answer.status == 200 && !answer.body.contains("shop")
            #expect(
                answer.status >= 300 || answer.status == 0 || isPublic,
                "\(seed): \(text.debugDescription): \(answer.status)")
        }
    }
}
