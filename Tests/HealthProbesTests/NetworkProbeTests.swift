import BlueGreen
import HealthProbes
import NIOCore
import NIOPosix
import Testing

@Suite("A network probe", .serialized, .timeLimit(.minutes(20)))
struct NetworkProbeTests {
    private let probe = NetworkProbe()

    private func check(
        port: Int, path: String = "/healthz", host: String? = nil,
        expected: [ClosedRange<Int>] = [200...399], timeout: Duration = .seconds(20)
    ) -> HealthCheck {
        HealthCheck(
            method: .http(port: port, path: path, host: host, expected: expected),
            timeout: timeout)
    }

    private func result(
        of script: ScriptedServer.Script, timeout: Duration = .seconds(20),
        expected: [ClosedRange<Int>] = [200...399]
    ) async throws -> ProbeResult {
        let server = try await ScriptedServer.start(script)
        let result = await probe.probe(
            check(port: server.port, expected: expected, timeout: timeout), at: "127.0.0.1")
        try await server.clientGone.get()
        try await server.stop()
        return result
    }

    @Test("A probe passes on a status that is expected, and gives the connection back")
    func expectedStatus() async throws {
        #expect(try await result(of: .answer("HTTP/1.1 204 No Content\r\n\r\n")) == .passed)
    }

    @Test(
        "A probe fails with the status that it got",
        arguments: [(500, [200...399]), (404, [200...204, 301...302]), (200, [401...401])])
    func unexpectedStatus(status: Int, expected: [ClosedRange<Int>]) async throws {
        let answer = "HTTP/1.1 \(status) So\r\nContent-Length: 0\r\n\r\n"
        #expect(
            try await result(of: .answer(answer), expected: expected) == .failed(.status(status)))
    }

    @Test("A probe waits for the final answer after an interim one")
    func interim() async throws {
        let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
        #expect(try await result(of: .answer(answer)) == .failed(.status(503)))
    }

    @Test("A probe does not wait for the body")
    func unfinishedBody() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nonly this"
        #expect(try await result(of: .answer(answer)) == .passed)
    }

    @Test("A probe understands HTTP/1.0, and a head that comes byte by byte")
    func byteByByte() async throws {
        let answer = "HTTP/1.0 200 OK\r\nServer: slow\r\n\r\n"
        #expect(try await result(of: .byteByByte(answer)) == .passed)
    }

    @Test("A probe costs its timeout when the server accepts and never answers")
    func silence() async throws {
        let limit = Duration.milliseconds(30)
        #expect(try await result(of: .silence, timeout: limit) == .failed(.timedOut(limit)))
    }

    @Test("A probe has one deadline in all, which bytes that trickle in do not move")
    func trickle() async throws {
        let limit = Duration.milliseconds(60)
        let start = "HTTP/1.1 200 OK\r\nX-Endless: "
        #expect(try await result(of: .endless(start), timeout: limit) == .failed(.timedOut(limit)))
    }

    @Test(
        "A probe says what came when that is not HTTP",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n\r\n", .words("SSH-2.0-OpenSSH_9.2")),
            ("\u{0}\u{1}\u{2}\u{3}\r\n", .bytes), ("HTTP/1.1 abc\r\n\r\n", .words("HTTP/1.1 abc")),
            ("+PONG\r\n", .words("+PONG")),
            // The alert of a server that speaks TLS, and the words of those that speak plainly of it.
            ("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\n", .tls),
            (
                "HTTP/1.0 400 Bad Request\r\n\r\n"
                    + "Client sent an HTTP request to an HTTPS server.\n", .tls
            ),
        ] as [(String, Speech)])
    func otherProtocol(answer: String, speech: Speech) async throws {
        #expect(try await result(of: .answer(answer)) == .failed(.notHTTP(speech)))
    }

    @Test("A redirect that is expected passes, and is told apart from a success")
    func redirect() async throws {
        let answer = "HTTP/1.1 301 Moved Permanently\r\nLocation: https://x/\r\n\r\n"
        #expect(try await result(of: .answer(answer)) == .accepted(status: 301))
    }

    @Test("A probe says that no answer came when the connection closes without one")
    func closed() async throws {
        #expect(try await result(of: .close) == .failed(.noAnswer))
    }

    @Test("A probe takes 60 KB of headers, and names the limit beyond 80 KB")
    func hugeHeaders() async throws {
        let large = String(repeating: "a", count: 60_000)
        let tooLarge = String(repeating: "a", count: 200_000)
        #expect(
            try await result(of: .answer("HTTP/1.1 200 OK\r\nX: \(large)\r\n\r\n")) == .passed)
        #expect(
            try await result(of: .answer("HTTP/1.1 200 OK\r\nX: \(tooLarge)\r\n\r\n"))
                == .failed(.other("the headers of the answer are longer than 80 KB")))
    }

    @Test("A probe says that the connection was refused where nobody listens")
    func refused() async throws {
        let server = try await ScriptedServer.start(.silence)
        try await server.stop()
        // Another test may have the port by now, at the address that all of them take.
        let address = "127.83.17.9"
        #expect(
            await probe.probe(check(port: server.port), at: address)
                == .failed(.refused(port: server.port)))
        let tcp = HealthCheck(method: .tcp(port: server.port))
        #expect(await probe.probe(tcp, at: address) == .failed(.refused(port: server.port)))
    }

    @Test("A probe passes a tcp check when the connection opens, and closes it")
    func tcp() async throws {
        let server = try await ScriptedServer.start(.silence)
        let tcp = HealthCheck(method: .tcp(port: server.port))
        #expect(await probe.probe(tcp, at: "127.0.0.1") == .passed)
        try await server.clientGone.get()
        try await server.stop()
    }

    @Test("A probe asks for its path with its Host header and a connection that is to be closed")
    func request() async throws {
        let server = try await ScriptedServer.start(.answer("HTTP/1.1 200 OK\r\n\r\n"))
        _ = await probe.probe(
            check(port: server.port, path: "/ready?deep=1", host: "shop.example"), at: "127.0.0.1")
        let head = try await server.request.get().split(separator: "\r\n")
        try await server.stop()
        #expect(head.first == "GET /ready?deep=1 HTTP/1.1")
        #expect(head.contains("Host: shop.example"))
        #expect(head.contains("Connection: close"))
    }

    @Test("A probe names the address and port in the Host header where none is configured")
    func hostByAddress() async throws {
        let server = try await ScriptedServer.start(.answer("HTTP/1.1 200 OK\r\n\r\n"))
        _ = await probe.probe(check(port: server.port), at: "127.0.0.1")
        let head = try await server.request.get().split(separator: "\r\n")
        try await server.stop()
        #expect(head.contains("Host: 127.0.0.1:\(server.port)"))
    }

    @Test("A probe reaches IPv6 addresses, in brackets in the Host header")
    func ipv6() async throws {
        let server = try await ScriptedServer.start(
            .answer("HTTP/1.1 200 OK\r\n\r\n"), on: "::1")
        #expect(await probe.probe(check(port: server.port), at: "::1") == .passed)
        let head = try await server.request.get().split(separator: "\r\n")
        try await server.stop()
        #expect(head.contains("Host: [::1]:\(server.port)"))
    }

    @Test("A probe closes its connection when its task is cancelled")
    func cancelled() async throws {
        let server = try await ScriptedServer.start(.silence)
        async let result = withThrowingTaskGroup(of: ProbeResult?.self) { group in
            group.addTask { await probe.probe(check(port: server.port), at: "127.0.0.1") }
            _ = try await server.request.get()
            group.cancelAll()
            return try await group.next() ?? nil
        }
        #expect(try await result == .failed(.other("the probe was cancelled")))
        try await server.clientGone.get()
        try await server.stop()
    }

    @Test("A probe opens nothing when its task was cancelled before")
    func cancelledBefore() async throws {
        let server = try await ScriptedServer.start(.answer("HTTP/1.1 200 OK\r\n\r\n"))
        let result = await withTaskGroup(of: ProbeResult.self) { group in
            group.cancelAll()
            group.addTask { await probe.probe(check(port: server.port), at: "127.0.0.1") }
            return await group.next()
        }
        #expect(result == .failed(.other("the probe was cancelled")))
        try await server.stop()
        #expect(try await server.request.get().isEmpty)
    }

    @Test(
        "A probe refuses a path with a line break instead of sending it",
        arguments: ["/a\r\nX: y", "a"])
    func badPath(path: String) async throws {
        guard
            case .failed(.other(let reason)) = await probe.probe(
                check(port: 9, path: path), at: "127.0.0.1")
        else {
            Issue.record("the path was taken")
            return
        }
        #expect(reason.hasSuffix("is not a path of a URL"))
    }

    @Test("A probe says what it lacks: an IP address, an engine")
    func unusable() async {
        #expect(
            await probe.probe(check(port: 80), at: "web.example")
                == .failed(.other("web.example is not an IP address")))
        #expect(
            await probe.probe(HealthCheck(method: .docker), at: "127.0.0.1")
                == .failed(.other("only the container engine can make this check")))
    }
}
