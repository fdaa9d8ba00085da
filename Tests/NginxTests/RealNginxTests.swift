import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("With a real nginx", .serialized, .timeLimit(.minutes(2)))
struct RealNginxTests {
    /// Runs the story and leaves nothing behind, however it ends.
    private func withNginx(
        http: String = "", includesTeal: Bool = true, usualSite: Bool = true,
        _ story: (OwnNginx) async throws -> Void
    ) async throws {
        let own = try await OwnNginx.start(http: http, includesTeal: includesTeal)
        do {
            if usualSite {
                try own.writeConfig(http: http, site: own.usualSite, includesTeal: includesTeal)
            }
            try await story(own)
        } catch {
            try await own.stop()
            throw error
        }
        try await own.stop()
    }

    @Test("the first request that a first deployment gets comes after the switch")
    func firstDeployment() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            #expect(try router.liveColour() == nil)
            #expect(try await own.answer() == "503")
            try await router.arm(own.table)
            #expect(try await own.answer() == "503")
            try await router.confirm(nil)
            try await router.switchTraffic(to: .blue)
            try await router.confirm(.blue)
            #expect(try router.liveColour() == .blue)
            #expect(try await own.answer() == "blue")
        }
    }

    @Test("a later deployment into the same addresses needs no reload")
    func noReload() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try await router.arm(own.table)
            try await router.switchTraffic(to: .blue)
            let workers = try own.workers
            let later = try own.router()
            try await later.prepare()
            try await later.arm(own.table)
            try await later.switchTraffic(to: .green)
            try await later.confirm(.green)
            #expect(try await own.answer() == "green")
            #expect(try own.workers == workers)
            await #expect(throws: NginxError.self) { try await later.confirm(.blue) }
        }
    }

    @Test("a failed first deployment takes traffic away again")
    func back() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try await router.arm(own.table)
            try await router.switchTraffic(to: .green)
            #expect(try await own.answer() == "green")
            try await router.switchTraffic(to: nil)
            try await router.confirm(nil)
            #expect(try router.liveColour() == nil)
            #expect(try await own.answer() == "503")
            #expect(try await own.answer(path: "/.teal") == "503")
        }
    }

    @Test("in reload mode the user's own proxy_pass is switched by rename and reload")
    func reloadMode() async throws {
        try await withNginx { own in
            let router = try own.router(mode: .reload)
            try own.writeConfig(
                site: "server { listen 127.0.0.1:\(own.sitePort); include "
                    + "\(own.directory)/shop/server.conf; location / { proxy_pass "
                    + "http://shop_web; } }\n")
            // The user's proxy_pass names a group that only Teal's first files bring.
            try await router.prepare()
            #expect(try await router.notices() == [])
            #expect(try await own.answer() == "503")
            try await router.arm(own.table)
            #expect(try await own.answer() == "503")
            try await router.switchTraffic(to: .blue)
            try await router.confirm(.blue)
            #expect(try await own.answer() == "blue")
            try await router.switchTraffic(to: .green)
            try await router.confirm(.green)
            #expect(try await own.answer() == "green")
            try await router.switchTraffic(to: nil)
            try await router.confirm(nil)
            #expect(try await own.answer() == "503")
        }
    }
}
