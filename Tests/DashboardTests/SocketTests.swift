import Dashboard
import Glibc
import HostSystem
import NIOCore
import NIOPosix
import TestSupport
import Testing

@Suite("The page on a socket")
struct SocketTests {
    private func served(
        _ reading: DashboardSettings.Reading, _ body: (String, SampleSource) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/page.sock"
        var settings = DashboardSettings(.unixSocket(path: path))
        settings.reading = reading
        let source = SampleSource()
        let dashboard = Dashboard(
            settings, tokens: TokenFile(path: folder.path + "/tokens.json"), source: source)
        let (states, found) = AsyncStream<Void>.makeStream()
        let serving = Task { try await dashboard.run { _ in found.finish() } }
        defer { serving.cancel() }
        for await _ in states {}
        try await body(path, source)
    }

    private func ask(
        _ path: String, _ head: String, _ fields: [String] = [], host: String = "localhost",
        body: String = ""
    ) async throws -> PageAnswer {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let lines =
            ["\(head) HTTP/1.1", "Host: \(host)", "Connection: close"] + fields
            + ["Content-Length: \(body.utf8.count)", "", body]
        let text = lines.joined(separator: "\r\n")
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var all = ByteBuffer()
            for try await part in inbound { all.writeImmutableBuffer(part) }
            return PageAnswer(String(buffer: all))
        }
    }

    @Test("Its mode admits its owner and its group")
    func mode() async throws {
        try await served(.token) { path, _ in
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o660)
            let answer = try await ask(path, "GET /apps/shop")
            #expect(answer.status == 303)
        }
    }

    @Test("Where the mode decides one acts by a form, and a proxy's visitors need a token")
    func acts() async throws {
        try await served(.open) { path, source in
            let act = "/apps/shop/acts/rollback"
            // A foreign site whose name leads to a port that ssh forwards to the socket.
            #expect(try await ask(path, "GET /apps/shop", host: "evil.example").status == 421)
            let page = try await ask(path, "GET /apps/shop")
            #expect(page.body.contains(act))
            let cookie = "Cookie: " + (page.fields["set-cookie"] ?? "").prefix { $0 != ";" }
            let form = try await ask(path, "GET \(act)", [cookie])
            #expect(form.secret.count == 64)
            let origin = "Origin: http://localhost"
            let proxied = ["X-Forwarded-For: 192.0.2.1", "Via: 1.1 proxy", "Forwarded: for=x"]
            for field in proxied {
                #expect(try await ask(path, "GET /apps/shop", [field]).status == 303)
                let answer = try await ask(
                    path, "POST \(act)", [cookie, origin, field], body: form.filled())
                #expect(answer.status == 401)
            }
            for (origin, secret) in [("Origin: http://evil.example", form.secret), (origin, "")] {
                let answer = try await ask(
                    path, "POST \(act)", [cookie, origin],
                    body: form.filled(["secret": secret]))
                #expect(answer.status == 403)
            }
            #expect(source.begun == [])
            let answer = try await ask(
                path, "POST \(act)", [cookie, origin], body: form.filled())
            #expect(answer.status == 303)
            #expect(source.begun == ["the socket rollback shop"])
        }
    }
}
