import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("Maintenance behind a real nginx", .serialized)
struct MaintenanceTests {
    private static let closed = "Closed for maintenance"

    private func told(
        _ mode: SwitchMode = .live, page: String? = nil,
        site: ((OwnNginx) -> String)? = nil,
        _ body: (OwnNginx, NginxRouter) async throws -> Void
    ) async throws {
        try await OwnNginx.running { own in
            let router = try router(own, mode, page: page.map { _ in own.folder + "/page.html" })
            if let page { try own.write("page.html", page) }
            try own.writeConfig(site: site?(own) ?? own.usualSite)
            try await router.prepare()
            try await router.arm(own.table)
            try await body(own, router)
        }
    }

    private func router(
        _ own: OwnNginx, _ mode: SwitchMode = .live, app: String = "shop",
        page: String? = nil, health: String = "/health", steps: [Share] = []
    ) throws -> NginxRouter {
        let usual = try own.settings(app: app, mode: mode)
        var settings = try NginxSettings(
            app: app, services: usual.services, mode: mode,
            place: NginxSettings.Place(
                directory: usual.directory, binary: usual.binary, config: usual.config,
                statusAddress: usual.status.description),
            rollout: NginxSettings.Rollout(steps: steps))
        settings.maintenance = NginxSettings.MaintenanceAnswer(
            healthPaths: [health].compactMap { HealthPath(checking: $0) }, page: page)
        return NginxRouter(
            nginx: RunningNginx(
                settings: settings, runner: SubprocessCommandRunner(), status: StatusClient(),
                processes: ProcProcesses(), clock: SystemClock()))
    }

    private func run(_ script: String, in folder: String) async throws {
        _ = try await SubprocessCommandRunner().run(Command("sh", ["-c", script, folder]))
    }

    @Test("Maintenance is between visitors and whichever colour has traffic, health checks apart")
    func switches() async throws {
        try await told { own, router in
            try await router.route(.all(.blue))
            let workers = try own.workers
            try await router.setMaintenance(.on)
            #expect(try await router.traffic() == Traffic(.blue, isInMaintenance: true))
            #expect(try await own.exchange(["/any"]).contains(Self.closed))
            #expect(try await own.answer(path: "/health?full=1") == "blue")
            try await router.confirm(.all(.blue))
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            #expect(try await own.answer() == "503")
            #expect(try await own.answer(path: "/health") == "green")
            try await router.setMaintenance(.off)
            #expect(try await own.answer() == "green")
            // All of this without a reload.
            #expect(try own.workers == workers)
        }
    }

    @Test(
        "Maintenance is on before the first switch, and after traffic was taken away",
        arguments: [
            SwitchMode.live, .reload,
        ])
    func nobody(mode: SwitchMode) async throws {
        try await told(mode) { own, router in
            try await router.setMaintenance(.on)
            try await router.confirm(.nobody)
            #expect(try await own.exchange(["/"]).contains(Self.closed))
            try await router.route(.all(.blue))
            try await router.confirm(.all(.blue))
            #expect(try await own.exchange(["/"]).contains(Self.closed))
            #expect(try await own.answer(path: "/health") == "blue")
            try await router.route(.nobody)
            try await router.confirm(.nobody)
            #expect(try await own.exchange(["/"]).contains(Self.closed))
            #expect(try await router.traffic() == Traffic(nil, isInMaintenance: true))
            try await router.setMaintenance(.off)
            try await router.confirm(.nobody)
            #expect(try await own.answer() == "503")
            #expect(try await !own.exchange(["/"]).contains(Self.closed))
        }
    }

    @Test("Maintenance stays through a canary, in which health checks are divided as before")
    func canary() async throws {
        try await told { own, _ in
            let router = try router(own, steps: [Share(percent: 50)])
            try await router.route(.all(.blue))
            try await router.prepare()
            try await router.arm(own.table)
            try await router.setMaintenance(.on)
            try await router.route(.share(Share(percent: 50), to: .green))
            try await router.confirm(.share(Share(percent: 50), to: .green))
            #expect(try await own.answer() == "503")
            var seen: Set<String> = []
            for client in 1...40 {
                seen.insert(
                    try await own.answer(path: "/health", header: "User-Agent: \(client)"))
            }
            #expect(seen == ["blue", "green"])
            try await router.setMaintenance(.off)
            #expect(try await router.traffic().canary == Share(percent: 50))
            try await router.route(.all(.green))
            #expect(try await own.answer() == "green")
        }
    }

    @Test("Maintenance of one app leaves another in the same server block alone")
    func neighbours() async throws {
        let site: (OwnNginx) -> String = { own in
            """
            server {
                listen 127.0.0.1:\(own.sitePort);
                include \(own.directory)/[s]hop/server.conf;
                include \(own.directory)/[b]log/server.conf;
                location / { include \(own.directory)/shop/web.conf; }
                location /blog/ { include \(own.directory)/[b]log/web.conf; }
            }

            """
        }
        try await told(site: site) { own, shop in
            let blog = try router(own, app: "blog")
            try await blog.prepare()
            try await blog.arm(own.table)
            try await shop.route(.all(.blue))
            try await blog.route(.all(.green))
            try await blog.setMaintenance(.on)
            #expect(try await own.answer() == "blue")
            #expect(try await own.answer(path: "/blog/") == "503")
            try await shop.setMaintenance(.on)
            try await blog.setMaintenance(.off)
            #expect(try await own.answer() == "503")
            #expect(try await own.answer(path: "/blog/") == "green")
        }
    }

    @Test("Maintenance shows the user's own page as it is, and a new one without a reload")
    func page() async throws {
        try await told(page: "<p>$host \"{über}\";</p>\n") { own, router in
            try await router.route(.all(.blue))
            try await router.setMaintenance(.on)
            #expect(try await own.exchange(["/"]).hasSuffix("<p>$host \"{über}\";</p>\n"))
            let workers = try own.workers
            try own.write("page.html", "<p>2</p>")
            try await router.arm(own.table)
            #expect(try await own.exchange(["/"]).hasSuffix("\r\n\r\n<p>2</p>"))
            #expect(try own.workers == workers)
            try await run("printf '\\374' >\"$0/page.html\"", in: own.folder)
            await #expect(throws: NginxError.self) { try await router.prepare() }
            #expect(try await own.exchange(["/"]).hasSuffix("\r\n\r\n<p>2</p>"))
        }
    }

    @Test("Maintenance takes up new health paths when it is switched on")
    func newPaths() async throws {
        try await told { own, before in
            try await before.route(.all(.blue))
            let router = try router(own, health: "/up.php")
            try await router.setMaintenance(.on)
            #expect(try await own.answer(path: "/up.php") == "blue")
            #expect(try await own.answer(path: "/upsphp") == "503")
            #expect(try await own.answer(path: "/health") == "503")
        }
    }

    @Test("Maintenance is refused where the workers do not see it")
    func hideLink() async throws {
        try await told { own, router in
            try await router.route(.all(.blue))
            try await run("chmod 000 \"$0/teal\"", in: own.folder)
            await #expect(throws: (any Error).self) { try await router.setMaintenance(.on) }
            try await run("chmod 755 \"$0/teal\"", in: own.folder)
            #expect(try await router.traffic() == Traffic(.blue))
            #expect(try await own.answer() == "blue")
        }
    }
}
