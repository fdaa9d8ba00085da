import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("Probes through a real nginx", .serialized, .timeLimit(.minutes(20)))
struct EdgeProbeTests {
    private func told(
        _ mode: SwitchMode, http: String = "",
        _ body: (OwnNginx, NginxRouter) async throws -> Void
    ) async throws {
        try await OwnNginx.running(http: http) { own in
            let router = try own.router(mode: mode)
            try await own.serveBlue(by: router)
            try own.writeConfig(http: http, site: own.usualSite)
            try await own.reload()
            try await body(own, router)
        }
    }

    private func web(
        _ port: Int, _ path: String = "/", host: String? = nil,
        expected: [ClosedRange<Int>] = [200...299]
    ) -> PlannedService {
        PlannedService(
            name: "web", role: .exposed, port: port,
            healthCheck: HealthCheck(
                method: .http(port: port, path: path, host: host, expected: expected)))
    }

    private func fault(_ result: EdgeResult) throws -> EdgeFault {
        let fault: EdgeFault? = if case .brokenEdge(let fault) = result { fault } else { nil }
        return try #require(fault)
    }

    private func raw(_ own: OwnNginx, _ path: String, _ options: String...) async throws -> String {
        try await SubprocessCommandRunner().run(
            Command(
                "curl",
                [
                    "--silent", "--include", "--header", "Host: teal-shop", "--header",
                    "X-Teal-Host: shop.example",
                ] + options
                    + ["http://127.0.0.1:\(own.statusPort)\(path)"])
        ).standardOutput
    }

    @Test(
        "Each colour and the live one answer through nginx, in maintenance and without traffic too",
        arguments: [SwitchMode.live, .reload])
    func reached(mode: SwitchMode) async throws {
        try await told(mode) { own, router in
            let web = web(own.bluePort)
            for target in [EdgeTarget.live, .colour(.blue), .colour(.green)] {
                #expect(await router.probe(web, through: target) == .passed)
            }
            #expect(try await raw(own, "/.teal/live/web/").hasSuffix("\r\n\r\nblue"))
            #expect(try await raw(own, "/.teal/green/web/").hasSuffix("\r\n\r\ngreen"))
            try await router.setMaintenance(.on)
            #expect(await router.probe(web, through: .live) == .passed)
            try await router.route(.all(.green))
            #expect(try await raw(own, "/.teal/live/web/").hasSuffix("\r\n\r\ngreen"))
            try await router.setMaintenance(.off)
            try await router.route(.nobody)
            #expect(await router.probe(web, through: .colour(.green)) == .passed)
            #expect(try fault(await router.probe(web, through: .live)).kind == .unrouted)
        }
    }

    @Test(
        "A container that nginx does not get to is a broken edge",
        arguments: [SwitchMode.live, .reload])
    func brokenEdge(mode: SwitchMode) async throws {
        try await told(mode) { own, router in
            // Nobody listens at such a port.
            let closed = "127.0.0.1:1"
            try await router.arm(
                RoutingTable(
                    blue: own.table.blue, green: [Route(service: "web", endpoints: [closed])]))
            let fault = try fault(
                await router.probe(web(own.bluePort), through: .colour(.green)))
            #expect(fault.kind == .unconnected)
            #expect(fault.predicate == "could not connect to \(closed)")
            #expect(await router.probe(web(own.bluePort), through: .live) == .passed)
            #expect(try await own.answer() == "blue")
            // A service that the files do not know has no address.
            let other = PlannedService(name: "api", role: .exposed, port: 80)
            #expect(try self.fault(await router.probe(other, through: .live)).kind == .unrouted)
        }
    }

    @Test("An app that answers something else, or nothing, is a broken app")
    func brokenApp() async throws {
        try await told(.live) { own, router in
            let strict = web(own.bluePort, expected: [204...204])
            #expect(await router.probe(strict, through: .live) == .brokenApp(.status(200)))
            // It takes the connection and closes it without a word.
            let silent = web(own.bluePort, "/silent")
            #expect(await router.probe(silent, through: .live) == .brokenApp(.noAnswer))
            let bare = PlannedService(name: "web", role: .exposed, port: own.bluePort)
            #expect(await router.probe(bare, through: .live) == .passed)
        }
    }

    @Test("The path with its query, the Host header of the check and nothing of Teal's get there")
    func verbatim() async throws {
        try await told(.live) { own, router in
            let check = web(own.bluePort, "/echo//a%2Fb?x=1&y=%20", host: "shop.example")
            #expect(await router.probe(check, through: .colour(.green)) == .passed)
            let answer = try await raw(own, "/.teal/green/web/echo//a%2Fb?x=1&y=%20")
            #expect(answer.hasSuffix("GET /echo//a%2Fb?x=1&y=%20|shop.example|||"))
        }
    }

    @Test(
        "It is closed to other methods, and to all that comes through a site",
        arguments: [SwitchMode.live, .reload])
    func closed(mode: SwitchMode) async throws {
        try await told(mode) { own, router in
            #expect(
                try await raw(own, "/.teal/blue/web/", "--request", "POST")
                    .hasPrefix("HTTP/1.1 405 "))
            #expect(
                try await raw(own, "/.teal/blue/web/", "--header", "X-Forwarded-For: 1.2.3.4")
                    .hasPrefix("HTTP/1.1 503 "))
            try await router.route(.nobody)
            // Such a request comes to the status server by way of the site.
            #expect(try await own.answer(path: "/.teal/blue/web/") == "503")
            #expect(
                try await own.answer(path: "/.teal/blue/web/", header: "Host: teal-shop") == "503")
        }
    }

    @Test("No limit, password or page of the http block has to do with it")
    func apart() async throws {
        let http = """
            limit_req_zone $binary_remote_addr zone=all:1m rate=1r/m;
            limit_req zone=all;
            deny all;
            auth_basic "closed";
            auth_basic_user_file /dev/null;
            error_page 404 502 /page;
            proxy_intercept_errors on;
            """
        try await OwnNginx.running(http: http) { own in
            let router = try own.router()
            try await own.serveBlue(by: router)
            for _ in 1...3 {
                #expect(await router.probe(web(own.bluePort), through: .live) == .passed)
            }
        }
    }

    @Test("A watch counts none of it")
    func uncounted() async throws {
        try await OwnNginx.running(workers: 1) { own in
            try own.writeConfig(site: own.usualSite, workers: 1)
            let router = try own.observedRouter()
            try await own.serveBlue(by: router)
            let observer = NginxObserver(of: router)
            try await observer.begin(until: SystemClock().now + .seconds(60))
            #expect(await router.probe(web(own.bluePort), through: .live) == .passed)
            // The one worker writes it behind the probe, so that both would be there.
            #expect(try await own.answer() == "blue")
            var seen = 0
            while seen == 0 { seen = try await observer.look()[.blue]?.requests ?? 0 }
            #expect(seen == 1)
            try await observer.end()
        }
    }

    @Test("An nginx that is gone is a broken edge")
    func gone() async throws {
        try await told(.live) { own, router in
            let stop = Command(OwnNginx.binary, ["-s", "stop", "-c", own.config])
            #expect(try await SubprocessCommandRunner().run(stop).succeeded)
            // The master removes it when its workers are gone.
            while FileSystem().exists("\(own.folder)/nginx.pid") { await Task.yield() }
            let fault = try fault(await router.probe(web(own.bluePort), through: .live))
            #expect(fault.kind == .silent)
        }
    }
}
