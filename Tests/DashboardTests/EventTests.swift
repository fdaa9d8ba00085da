import NIOCore
import TestSupport
import Testing

@testable import Dashboard

@Suite("Live updates of the page")
struct EventTests {
    @Test("A change is told to all who listen, by one look for all of them")
    func changes() async throws {
        try await PageSample.served(reading: .open) { page in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...100 {
                    group.addTask { try await Self.hear("shop has changed.", page) }
                }
                group.addTask {
                    try await Self.hear("shop is well", page)
                    page.source.change(SampleSource.shop("shop has changed."))
                }
                try await group.waitForAll()
            }
            #expect(page.source.looked < 100)
        }
    }

    /// Until the sentence comes.
    private static func hear(_ sentence: String, _ page: PageSample) async throws {
        let channel = try await page.connected()
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(
                ByteBuffer(
                    string: "GET /events?page=shop HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            var heard = ""
            for try await part in inbound {
                heard += String(buffer: part)
                if heard.contains(sentence) { return }
            }
            Issue.record("The page has closed the events: \(heard)")
        }
    }

    @Test("Who listens hears nothing more once the token is revoked")
    func revoked() async throws {
        try await PageSample.served { page in
            let secret = try page.token(.read)
            let channel = try await page.connected()
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(
                    ByteBuffer(
                        string: "GET /events?page=shop HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer \(secret)\r\n\r\n"))
                var heard = ""
                do {
                    for try await part in inbound {
                        heard += String(buffer: part)
                        guard heard.contains("shop is well") else { continue }
                        for token in try page.tokens.tokens() {
                            _ = try page.tokens.revoke(token.id)
                        }
                        page.source.change(SampleSource.shop("shop has changed."))
                    }
                } catch is IOError {
                    // The page has cut the connection off.
                }
                #expect(heard.contains("shop is well"))
                #expect(!heard.contains("shop has changed."))
            }
        }
    }

    @Test("A look at each app is there before anybody asks, and kept until its app changes")
    func keeping() async throws {
        let source = SampleSource()
        let cache = LookCache(source)
        let keeping = Task { await cache.keep() }
        defer { keeping.cancel() }
        for _ in 1...2000 where source.looked == 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(
            await cache.looks(at: nil, .host, .brief).map(\.sentence) == [
                SampleSource.shop().sentence
            ])
        #expect(source.looked == 1)
        source.change(SampleSource.shop("shop has changed."))
        #expect(await cache.looks(at: nil, .host, .brief).map(\.sentence) == ["shop has changed."])
        #expect(source.looked == 2)
    }

    @Test("The page of a host that cannot be looked at shows what was seen, and when")
    func frozen() async throws {
        try await PageSample.served(reading: .open) { page in
            let before = try await page.request("GET", "/apps/shop")
            #expect(before.body.contains("shop is well"))
            page.source.freeze()
            page.source.pass(.seconds(60))
            for path in ["/apps/shop", "/"] {
                let after = try await page.request("GET", path)
                #expect(after.body.contains("Act now: shop could not be looked at"))
                #expect(after.body.contains("teal status --app shop"))
                #expect(!after.body.contains("shop is well"))
            }
            let after = try await page.request("GET", "/apps/shop")
            #expect(after.body.contains("was seen at 08:00:00 UTC"))
            #expect(after.body.contains("web-1"))
        }
    }

    @Test("Fifty apps are looked at a few at a time")
    func manyApps() async throws {
        let looks = (1...50).map { AppLook(app: "app\($0)") }
        try await PageSample.served(SampleSource(looks), reading: .open) { page in
            let list = try await page.request("GET", "/")
            #expect(list.body.contains("/apps/app50\""))
            #expect(page.source.looked == 50)
            #expect(page.source.mostUnderWay <= 4)
            #expect(list.body.utf8.count < 50_000)
        }
    }
}
