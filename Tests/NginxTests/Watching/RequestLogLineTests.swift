import BlueGreen
import Testing

@testable import Nginx

@Suite("A line of the request log")
struct RequestLogLineTests {
    static func line(_ text: String) -> RequestLogLine? {
        Array(text.utf8).withUnsafeBytes { RequestLogLine($0) }
    }

    @Test("A line says when which colour answered what, and how long it took")
    func usual() throws {
        let line = try #require(
            Self.line("1795210445.123|green|200|200|0.012|0.011"))
        #expect(line.moment == Timestamp(milliseconds: 1_795_210_445_123))
        #expect(line.colour == .green)
        #expect(line.status == 200)
        #expect(line.latency == 11)
    }

    @Test(
        "A line adds up the times of several servers",
        arguments: [
            ("1.000|blue|200|502, 200|0.300|0.100, 0.200", 300),
            ("1.000|blue|200|502, 200 : 200|0.600|0.100, 0.200 : 0.300", 600),
            ("1.000|blue|200|502 : 200|0.010|- : 0.010", 10),
            ("1.000|blue|200|502, 200|0.010|0.010, -", 10),
            ("1.000|blue|200|200|61.000|3600.042", 3_600_042),
        ])
    func lists(text: String, latency: Int64) {
        #expect(Self.line(text)?.latency == latency)
    }

    @Test("A line of a request that a client gave up counts with its time")
    func aborted() {
        let line = Self.line("1795263346.010|blue|499|-|1.002|1.001")
        #expect(line?.status == 499)
        #expect(line?.latency == 1001)
    }

    @Test("A line of a websocket has no latency")
    func upgrade() throws {
        let line = try #require(Self.line("1.000|blue|101|101|900.000|900.000"))
        #expect(line.status == 101)
        #expect(line.latency == nil)
    }

    @Test(
        "A line of no colour's server, or of another form, is passed over",
        arguments: [
            "", "|", "|||||", "1795210445.123", "1795210445.123|green|200|200|0.012|",
            "1795210445.123|green|200|200|0.012", "5.123|green|200|200|0.012|0.0",
            "1795210445.123|green|200|200|0.012|0.011|0.011",
            "1795210445.123|green|200|200|0.012|0.0111795210445.123|green|200|200|0.012|0.011",
            "1795210445|green|200|200|0.012|0.011", "-1.000|green|200|200|0.012|0.011",
            "1.000||200|200|0.012|0.011", "1.000|none|200|200|0.012|0.011",
            "1.000|greener|200|200|0.012|0.011", "1.000|green|20|200|0.012|0.011",
            "1.000|green|2000|200|0.012|0.011", "1.000|green|2x0|200|0.012|0.011",
            "1.000|green|200|200||0.011", "1.000|green|200|200|0.012|0,011",
            "1.000|green|200|200|0.012|0.011, x", "1.000|green|200|200|0.012|.011",
            "1.000|green|200|200|0.012|99999999999999999999.000",
            "127.0.0.1 - - [21/Nov/2026:12:15:46 +0000] \"GET / HTTP/1.1\" 200 1",
            // What `limit_req` refuses.
            "1.000|green|503|-|0.000|-",
        ])
    func none(text: String) {
        #expect(Self.line(text) == nil)
    }

    @Test("Any bytes may be a line")
    func rubbish() {
        var random = SystemRandomNumberGenerator()
        for length in 0..<500 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(bytes.withUnsafeBytes { RequestLogLine($0) } == nil)
        }
    }

    @Test("A line that is cut anywhere is none")
    func halves() {
        let text = "1795210445.123|green|200|502, 200|0.012|0.004, 0.007"
        for length in 0..<text.utf8.count - 7 {
            #expect(Self.line(String(text.prefix(length))) == nil, "\(text.prefix(length))")
        }
    }

    @Test("A line is what nginx is told to write")
    func directive() {
        #expect(
            RequestLogFormat.directive(named: "shop", colour: "_shop_colour")
                == "log_format shop '$msec|$_shop_colour|$status|$upstream_status|$request_time|"
                + "$upstream_response_time';\n")
    }
}
