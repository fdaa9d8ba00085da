import Dashboard
import NIOCore
import TestSupport
import Testing

@Suite("Visitors of the page who take their time")
struct PatienceTests {
    @Test(
        "A body that does not come is not waited for, of whatever request",
        arguments: [
            "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\ntoken",
            "POST /nowhere HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 9\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
        ])
    func slowBody(_ request: String) async throws {
        var patience = Patience()
        patience.sending = .milliseconds(100)
        try await PageSample.served(patience: patience) { page in
            let channel = try await page.connected()
            try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: request))
                var heard = ""
                // Until the page closes; the test itself leaves the connection open.
                for try await part in inbound { heard += String(buffer: part) }
                #expect(!heard.contains(" 200 "))
            }
        }
    }

    @Test(
        "A body that is too large is refused, and the connection closed",
        arguments: [
            "/login", "/apps/shop/acts/rollback", "/metrics", "/nowhere",
        ])
    func largeBody(_ path: String) async throws {
        try await PageSample.served { page in
            let channel = try await page.connected()
            try await channel.executeThenClose { inbound, outbound in
                let head =
                    "POST \(path) HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Length: 1000000000\r\n\r\n"
                try await outbound.write(ByteBuffer(string: head))
                try await outbound.write(ByteBuffer(repeating: 97, count: 5000))
                var heard = ""
                do {
                    for try await part in inbound { heard += String(buffer: part) }
                } catch is IOError {
                    // It was cut off before all of the body was read.
                }
                #expect(heard.isEmpty || heard.hasPrefix("HTTP/1.1 413 "))
            }
        }
    }

    @Test("An answer that nobody takes is cut off", .timeLimit(.minutes(5)))
    func slowReader() async throws {
        var patience = Patience()
        patience.receiving = .milliseconds(100)
        var look = SampleSource.shop()
        // More than the kernel keeps for the reader.
        look.status = String(repeating: "a", count: 8_000_000)
        let source = SampleSource([look])
        try await PageSample.served(source, reading: .open, patience: patience) { page in
            let channel = try await page.connected()
            await #expect(throws: (any Error).self) {
                try await channel.executeThenClose { _, outbound in
                    let request = "GET /api/v1/apps/shop/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    let requests = ByteBuffer(string: String(repeating: request, count: 1000))
                    // Who reads nothing learns of the end by what can no longer be sent.
                    while true { try await outbound.write(requests) }
                }
            }
        }
    }
}
