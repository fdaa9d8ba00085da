import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Nginx

/// Nobody listens where blue's containers would be, as after their stop.
@Suite("Late requests behind a real nginx", .serialized, .timeLimit(.minutes(20)))
struct LateRequestTests {
    private static let gone = "127.0.0.1:1"

    private func told(
        _ mode: SwitchMode = .live, blue: [String] = [gone], green: [String]? = nil,
        steps: [Share] = [], http: String = "", site: String = "",
        _ body: (OwnNginx, NginxRouter) async throws -> Void
    ) async throws {
        try await OwnNginx.running { own in
            let log = "log_format upstreams '$request_method $status $upstream_addr';\n"
            try own.writeConfig(
                http: http, access: log + "access_log \(own.userLog) upstreams;",
                site: own.usualSite.replacing("location /", with: site + "\nlocation /"))
            let router = try own.router(
                mode: mode, rollout: NginxSettings.Rollout(steps: steps))
            try await router.prepare()
            let table = RoutingTable(
                blue: [Route(service: "web", endpoints: blue)],
                green: [
                    Route(service: "web", endpoints: green ?? ["127.0.0.1:\(own.greenPort)"])
                ])
            try await router.arm(table)
            try await router.route(.all(.blue))
            try await router.confirm(.all(.blue))
            try await body(own, router)
        }
    }

    /// The servers that nginx asked for its one request. It writes them down when the visitor has its
    /// answer already.
    private func asked(_ own: OwnNginx) async throws -> [Substring] {
        var log = ""
        for _ in 1...400 {
            log = try FileSystem().readText(own.userLog)
            if log.hasSuffix("\n") { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        let line = log.split(separator: "\n").last ?? ""
        return line.split(separator: " ", maxSplits: 2).last?.split(separator: ", ") ?? []
    }

    @Test(
        "An upload whose colour is gone when its body is there goes to the colour that has traffic",
        arguments: [SwitchMode.live, .reload], HeldUpload.Framing.allCases)
    func upload(mode: SwitchMode, framing: HeldUpload.Framing) async throws {
        try await told(mode) { own, router in
            let upload = HeldUpload(port: own.sitePort, path: "/length", framing)
            let answer = try await upload.send {
                try await router.route(.all(.green))
                try await router.confirm(.all(.green))
            }
            #expect(answer.status == 200)
            #expect(answer.body == "green \(HeldUpload.size)")
        }
    }

    @Test("An upload is asked of blue first, of the backup once, and of nobody again")
    func once() async throws {
        try await told { own, router in
            let answer = try await HeldUpload(port: own.sitePort, path: "/length").send {
                try await router.route(.all(.green))
            }
            #expect(answer.status == 200)
            let asked = try await asked(own)
            #expect(asked.count == 2)
            #expect(asked.first == "127.0.0.1:1")
            #expect(asked.last?.hasSuffix(":\(own.statusPort)") == true)
        }
    }

    @Test(
        "A colour that has traffic and does not answer is a failure of the site's own nginx",
        arguments: [SwitchMode.live, .reload])
    func downWithTraffic(mode: SwitchMode) async throws {
        let site = """
            error_page 502 /sorry;
            location = /sorry { return 200 "sorry"; }
            """
        try await told(mode, site: site) { own, _ in
            let text = try await own.exchange(["/"])
            #expect(text.contains("502") && text.hasSuffix("sorry"))
            #expect(try await asked(own).count <= 3)
        }
    }

    @Test("A GET on a kept connection that its container closes just then is answered all the same")
    func keptConnection() async throws {
        try await told(green: nil) { own, router in
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            // Nothing tells nginx that a kept connection will end with its second request.
            for _ in 1...10 { #expect(try await own.answer(path: "/once") == "green") }
            let log = try FileSystem().readText(own.userLog)
            #expect(log.contains(", 127."))
        }
    }

    @Test("No more than the colour's own servers and the backup are asked where both are down")
    func bothDown() async throws {
        try await told(green: ["127.0.0.1:2"]) { own, router in
            let answer = try await HeldUpload(port: own.sitePort, path: "/length").send {
                try await router.route(.all(.green))
            }
            #expect(answer.status == 502)
            #expect(try await asked(own).count == 2)
        }
    }

    @Test("A colour's failures in a canary stay its own")
    func canary() async throws {
        let step = Share(percent: 99.99)
        try await told(
            blue: ["127.0.0.1:1"], green: ["127.0.0.1:2"], steps: [step]
        ) { own, router in
            try await router.route(.all(.green))
            try await router.arm(
                RoutingTable(
                    blue: [Route(service: "web", endpoints: [Self.gone])],
                    green: [Route(service: "web", endpoints: ["127.0.0.1:\(own.greenPort)"])]))
            try await router.route(.share(step, to: .blue))
            let answers = try await own.answers(to: 0..<20) { "User-Agent: client \($0)" }
            #expect(answers.contains { $0.contains("502") })
        }
    }

    @Test("An upload that ends in maintenance, or while nobody has traffic, is told to come again")
    func nobody() async throws {
        try await told { own, router in
            let late = HeldUpload(port: own.sitePort, path: "/length")
            let closed = try await late.send { try await router.setMaintenance(.on) }
            #expect(closed.status == 503)
            #expect(closed.body.contains("Closed for maintenance"))
            try await router.setMaintenance(.off)
            let away = try await late.send { try await router.route(.nobody) }
            #expect(away.status == 503)
            #expect(away.headers["retry-after"] == "10")
        }
    }

    @Test("An upload in a worker of before goes to the colour that has traffic now")
    func olderWorker() async throws {
        try await told { own, router in
            let late = HeldUpload(port: own.sitePort, path: "/length")
            let answer = try await late.send {
                let table = RoutingTable(
                    blue: [Route(service: "web", endpoints: ["127.0.0.1:3"])],
                    green: [Route(service: "web", endpoints: ["127.0.0.1:\(own.greenPort)"])])
                try await router.arm(table)
                try await router.route(.all(.green))
            }
            #expect(answer.body == "green \(HeldUpload.size)")
        }
    }

    @Test("With several replicas each is asked before the backup")
    func replicas() async throws {
        try await told(blue: ["127.0.0.1:1", "127.0.0.1:2"]) { own, router in
            let answer = try await HeldUpload(port: own.sitePort, path: "/length").send {
                try await router.route(.all(.green))
            }
            #expect(answer.body == "green \(HeldUpload.size)")
            #expect(try await asked(own).count == 3)
        }
    }

    @Test("What is passed on is changed by nothing, neither on the way there nor on the way back")
    func unchanged() async throws {
        let http = """
            underscores_in_headers on;
            large_client_header_buffers 4 64k;
            add_header X-Twice no;
            deny 127.0.0.0/8;
            limit_req_zone $binary_remote_addr zone=one:32k rate=1r/m;
            limit_req_zone $binary_remote_addr zone=many:32k rate=1000r/s;
            limit_req zone=one;
            proxy_busy_buffers_size 8k;
            proxy_intercept_errors on;
            """
        let site = """
            allow all;
            limit_req zone=many burst=1000 nodelay;
            proxy_buffer_size 64k;
            proxy_buffers 4 64k;
            proxy_busy_buffers_size 128k;
            location = /inside { internal; return 200 "inside"; }
            """
        // Green's requests, of which no container takes one, are passed on to green.
        try await told(http: http, site: site) { own, router in
            try await router.route(.all(.green))
            try bind(own)
            try await own.reload()
            while try await own.answer() != "green" { await Task.yield() }
            #expect(try await own.answer(path: "/accelerated") == "inside")
            #expect(
                try await own.answer(path: "/headers", header: "Host: shop.example:8443")
                    == "shop.example:8443||http")
            let value = String(repeating: "x", count: 20_000)
            #expect(
                try await own.answer(path: "/underscored", header: "My_Header: \(value)")
                    == value)
            let text = try await own.exchange(["/"])
            #expect(text.split(separator: "X-Twice").count == 2)
        }
    }

    /// Has each request of the site begin in blue, whatever the link says.
    private func bind(_ own: OwnNginx) throws {
        let text = try FileSystem().readText(own.config)
        try own.write(
            "nginx.conf",
            text.replacing(
                "include \(own.directory)/shop/web.conf;",
                with: "set $shop_web shop_web_blue; include \(own.directory)/shop/web.conf;"))
    }
}
