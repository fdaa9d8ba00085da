import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("A proxy in front of a real nginx", .serialized)
struct TrustedProxyStories {
    static let spoofs = [
        "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example", "X-Forwarded-Port: 443",
        "X-Forwarded-For: 203.0.113.9", "X-Real-IP: 203.0.113.9",
    ]

    private func told(
        trusting blocks: [String], listen: String = "", mode: SwitchMode = .live,
        _ body: (OwnNginx) async throws -> Void
    ) async throws {
        try await OwnNginx.running { own in
            var settings = try own.settings(mode: mode)
            settings.trustedProxies = try blocks.map { try #require(AddressBlock($0)) }
            let router = NginxRouter(
                nginx: RunningNginx(
                    settings: settings, runner: SubprocessCommandRunner(), status: StatusClient(),
                    processes: ProcProcesses(), clock: SystemClock()))
            let more = listen.replacing("PORT", with: "\(own.sitePort)")
            try own.writeConfig(
                site: own.usualSite.replacing(
                    "client_max_body_size 8m;", with: "client_max_body_size 8m;\n\(more)"))
            try await own.serveBlue(by: router)
            try await body(own)
        }
    }

    /// What the application is told of a request from this address.
    private func ask(
        _ own: OwnNginx, from peer: String, _ headers: [String] = Self.spoofs
    ) async throws -> String {
        let answer = try await own.exchange(
            ["/told", "--interface", peer, "--header", "Host: site.example"]
                + headers.flatMap { ["--header", $0] })
        return answer.split(separator: "\r\n").last.map(String.init) ?? ""
    }

    @Test(
        "A13: A trusted proxy tells protocol, host, port and client; anybody else tells nothing",
        arguments: [SwitchMode.live, .reload])
    func peers(mode: SwitchMode) async throws {
        try await told(trusting: ["127.0.0.2", "fd00::/8"], mode: mode) { own in
            let trusted = try await ask(own, from: "127.0.0.2")
            #expect(trusted == "https|shop.example|443|203.0.113.9, 127.0.0.2|203.0.113.9|")
            let other = try await ask(own, from: "127.0.0.3")
            #expect(other == "http|site.example||127.0.0.3|127.0.0.3|")
            let silent = try await ask(own, from: "127.0.0.2", [])
            #expect(silent == "http|site.example||127.0.0.2|127.0.0.2|")
        }
    }

    @Test("A13: Without trusted proxies nobody is believed")
    func nobody() async throws {
        try await told(trusting: []) { own in
            let answer = try await ask(
                own, from: "127.0.0.2",
                Self.spoofs + ["Forwarded: proto=https", "X-Forwarded-Ssl: on"])
            #expect(answer == "http|site.example||127.0.0.2|127.0.0.2|")
        }
    }

    @Test("A13: Behind two trusted proxies the client is the first that is not one of them")
    func chain() async throws {
        try await told(trusting: ["127.0.0.2", "198.51.100.0/24"]) { own in
            let answer = try await ask(
                own, from: "127.0.0.2",
                [
                    "X-Forwarded-For: 192.0.2.66, 203.0.113.9, 198.51.100.20",
                    "X-Forwarded-Proto: http, WSS",
                ])
            #expect(
                answer == "https|site.example||192.0.2.66, 203.0.113.9, 198.51.100.20, 127.0.0.2"
                    + "|203.0.113.9|")
        }
    }

    @Test("A13: Behind PROXY protocol a client's own headers are not the balancer's word")
    func proxyProtocol() async throws {
        let lines = """
            listen 127.0.0.4:PORT proxy_protocol;
            set_real_ip_from 127.0.0.2;
            real_ip_header proxy_protocol;
            """
        try await told(trusting: ["127.0.0.2", "198.51.100.0/24"], listen: lines) { own in
            let client = try await raw(own, named: "203.0.113.50")
            #expect(client == "http|site.example||203.0.113.50|203.0.113.50|")
            // A CDN in front of the balancer is believed by its own address.
            let cdn = try await raw(own, named: "198.51.100.20")
            #expect(cdn.hasPrefix("https|site.example||203.0.113.9, 198.51.100.20|"))
        }
    }

    /// A balancer at 127.0.0.2 that does not read HTTP passes on what this client sent.
    private func raw(_ own: OwnNginx, named client: String) async throws -> String {
        let text =
            "PROXY TCP4 \(client) 127.0.0.4 4711 80\r\nGET /told HTTP/1.0\r\nHost: site.example\r\n"
            + "X-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"
        var command = Command(
            "curl",
            [
                "--silent", "--no-buffer", "--interface", "127.0.0.2", "--max-time", "10",
                "telnet://127.0.0.4:\(own.sitePort)",
            ])
        command.standardInput = text
        let answer = try await SubprocessCommandRunner().run(command).standardOutput
        return answer.split(separator: "\r\n").last.map(String.init) ?? ""
    }
}
