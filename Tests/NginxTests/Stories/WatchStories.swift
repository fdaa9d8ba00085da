import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("Watching in a real nginx", .serialized, .timeLimit(.minutes(20)))
struct WatchStories {
    private static let rollout = NginxSettings.Rollout(
        isObserved: true, steps: [Share(percent: 50)])
    private let files = FileSystem()

    private func withNginx(
        http: String, site: String = "", mode: SwitchMode = .live, isSiteFirst: Bool = false,
        _ story: (OwnNginx, NginxRouter) async throws -> Void
    ) async throws {
        try await OwnNginx.running(access: http) { own in
            let server = own.usualSite.replacing(
                "    location / {",
                with: site.replacing("LOG", with: own.userLog) + "\n    location / {")
            try own.writeConfig(
                http: isSiteFirst ? server : "", access: http.replacing("LOG", with: own.userLog),
                site: isSiteFirst ? "" : server)
            var rollout = Self.rollout
            if mode == .reload { rollout.steps = [] }
            let router = try own.router(mode: mode, rollout: rollout)
            try await own.serveBlue(by: router)
            try await story(own, router)
        }
    }

    /// Those that were answered, by the colour that each line names.
    private func colours(_ own: OwnNginx, atLeast count: Int) async throws -> [Substring] {
        let log = AppPaths("\(own.directory)/shop").watch.log
        while true {
            let lines = try files.readText(log).split(separator: "\n")
            if lines.count >= count { return lines.map { $0.split(separator: "|")[1] } }
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private func markNow(_ own: OwnNginx) throws {
        let watch = AppPaths("\(own.directory)/shop").watch
        let now = SystemClock().now
        try watch.mark(from: now, until: now + .seconds(100))
    }

    @Test(
        "Requests are written down while they are watched, beside the user's own log",
        arguments: [
            ("access_log LOG;", ""), ("access_log off;", "access_log LOG;"),
            ("access_log LOG;", "access_log LOG;"),
        ])
    func watched(http: String, site: String) async throws {
        try await withNginx(http: http, site: site) { own, router in
            #expect(try await router.notices() == [])
            let workers = try own.workers
            #expect(try await own.answer() == "blue")
            try router.folder.beginWatch()
            #expect(try await router.traffic() == Traffic(.blue, isWatched: true))
            try await router.confirm(.all(.blue))
            // Nothing is written in a watch whose time is over.
            #expect(try await own.answer() == "blue")
            try markNow(own)
            #expect(try await own.answer() == "blue")
            #expect(try await own.answer() == "blue")
            #expect(try await colours(own, atLeast: 2) == ["blue", "blue"])
            try await router.route(.share(Share(percent: 50), to: .green))
            let answers = try await own.answers(to: 0..<200) { "User-Agent: \($0)" }
            let seen = try await colours(own, atLeast: 202).dropFirst(2)
            #expect(
                seen.count { $0 == "green" } == answers.count { $0 == "green" })
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            #expect(try await own.answer() == "green")
            #expect(try own.workers == workers)
            #expect(try files.readText(own.userLog).split(separator: "\n").count == 205)
            #expect(try await colours(own, atLeast: 202).count == 202)
        }
    }

    @Test(
        "A site that nginx reads before the app's log format is served, and told to be unwatched",
        arguments: [
            ("access_log LOG;", "access_log LOG;"), ("access_log off;", "access_log LOG;"),
            ("", "access_log LOG;"), ("access_log off;", ""),
        ], [SwitchMode.live, .reload])
    func siteFirst(logs: (http: String, site: String), mode: SwitchMode) async throws {
        try await withNginx(http: logs.http, site: logs.site, mode: mode, isSiteFirst: true) {
            own, router in
            let notice = try #require(try await router.notices().first)
            #expect(notice.contains("00-teal.conf"))
            #expect(try await own.answer() == "blue")
            try await router.arm(own.table)
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            #expect(try await own.answer() == "green")
        }
    }

    @Test("A colour that cannot be reached is written down, also behind a page of the user's")
    func unreachable() async throws {
        let page = "error_page 502 /sorry; location /sorry { return 200 sorry; }"
        try await withNginx(http: "access_log LOG;", site: page) { own, router in
            try await router.arm(
                RoutingTable(
                    blue: own.table.blue, green: [Route(service: "web", endpoints: ["127.0.0.1:1"])]
                ))
            try await router.route(.all(.green))
            try router.folder.beginWatch()
            try markNow(own)
            #expect(try await own.answer() == "502")
            #expect(try await colours(own, atLeast: 1) == ["green"])
        }
    }

    @Test("In reload mode a watch needs no reload either, and a canary is refused")
    func reloadMode() async throws {
        try await withNginx(http: "access_log LOG;", mode: .reload) { own, router in
            let workers = try own.workers
            try router.folder.beginWatch()
            try markNow(own)
            #expect(try await own.answer() == "blue")
            #expect(try await colours(own, atLeast: 1) == ["blue"])
            try await router.confirm(.all(.blue))
            try router.folder.endWatch()
            #expect(try await router.traffic() == Traffic(.blue))
            #expect(try own.workers == workers)
            await #expect(throws: NginxError.notDivisible) {
                try await router.route(.share(Share(percent: 50), to: .green))
            }
        }
    }
}
