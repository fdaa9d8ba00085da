import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("With a real nginx", .serialized, .timeLimit(.minutes(20)))
struct RealNginxTests {
    /// Runs the story and leaves nothing behind, however it ends.
    private func withNginx(
        http: String = "", includesTeal: Bool = true, usualSite: Bool = true,
        _ story: (OwnNginx) async throws -> Void
    ) async throws {
        try await OwnNginx.running(http: http, includesTeal: includesTeal) { own in
            if usualSite {
                try own.writeConfig(http: http, site: own.usualSite, includesTeal: includesTeal)
            }
            try await story(own)
        }
    }

    @Test("The first request of a first deployment comes after the switch")
    func firstDeployment() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            #expect(try await router.liveColour() == nil)
            #expect(try await own.answer() == "503")
            try await router.arm(own.table)
            #expect(try await own.answer() == "503")
            try await router.confirm(.nobody)
            try await router.route(.all(.blue))
            try await router.confirm(.all(.blue))
            #expect(try await router.liveColour() == .blue)
            #expect(try await own.answer() == "blue")
        }
    }

    @Test("A later deployment into the same addresses needs no reload")
    func noReload() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.blue))
            let workers = try own.workers
            let later = try own.router()
            try await later.prepare()
            try await later.arm(own.table)
            try await later.route(.all(.green))
            try await later.confirm(.all(.green))
            #expect(try await own.answer() == "green")
            #expect(try own.workers == workers)
            await #expect(throws: NginxError.self) { try await later.confirm(.all(.blue)) }
        }
    }

    @Test("A failed first deployment takes traffic away again")
    func back() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.green))
            #expect(try await own.answer() == "green")
            try await router.route(.nobody)
            try await router.confirm(.nobody)
            #expect(try await router.liveColour() == nil)
            #expect(try await own.answer() == "503")
            #expect(try await own.answer(path: "/.teal") == "503")
        }
    }

    @Test("A request that no colour answers gets a page with 503, whatever it asks for or sends")
    func away() async throws {
        try await withNginx { own in
            try await own.router().prepare()
            let size = 2 << 20
            for arguments in [
                ["/"], ["/photo.jpg"], ["/.teal"], ["/", "--data-binary", "@upload"],
            ] {
                try own.write("upload", String(repeating: "x", count: size))
                let text = try await own.exchange(arguments)
                #expect(text.hasPrefix("HTTP/1.1 503 "), "\(arguments): \(text)")
                #expect(text.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"))
                #expect(text.contains("\r\nRetry-After: 10\r\n"))
                #expect(text.contains("\r\nCache-Control: no-store\r\n"))
                #expect(text.contains("<title>Back in a moment</title>"))
                #expect(text.contains("We are updating this site. It will be back in a moment."))
            }
        }
    }

    @Test("In reload mode the user's own proxy_pass is switched by rename and reload")
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
            try await router.route(.all(.blue))
            try await router.confirm(.all(.blue))
            #expect(try await own.answer() == "blue")
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            #expect(try await own.answer() == "green")
            try await router.route(.nobody)
            try await router.confirm(.nobody)
            #expect(try await own.answer() == "503")
        }
    }

    @Test("A reload that the master rejects is found out and undone, and nginx serves on")
    func rejectedReload() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.blue))
            let before = try router.folder.read()
            // Two workers' worth of sockets on a port that another program holds: the test
            // passes, since it takes "in use" for nginx itself, and the master keeps its workers.
            try own.writeConfig(
                site: own.usualSite + "server { listen 127.0.0.1:\(own.bluePort); }\n")
            let error = await #expect(throws: NginxError.self) {
                try await own.router(patience: .milliseconds(200)).arm(
                    RoutingTable(blue: own.table.blue, green: own.table.blue))
            }
            guard case .notPutBack = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try router.folder.read() == before)
            #expect(try await own.answer() == "blue")
            let isTaken = try await own.test()
            #expect(isTaken)
            try own.writeConfig(site: own.usualSite)
            try await router.prepare()
            try await router.arm(
                RoutingTable(blue: own.table.blue, green: own.table.blue))
            try await router.route(.all(.green))
            #expect(try await own.answer() == "blue")
        }
    }

    @Test("A deployment does not begin while another's file is broken, which is named")
    func foreignFile() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try own.write("teal/broken.conf", "nonsense on;\n")
            try own.writeConfig(http: "include \(own.directory)/broken.conf;", site: own.usualSite)
            let error = await #expect(throws: NginxError.self) {
                try await own.router().prepare()
            }
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains("unknown directive \"nonsense\""))
            #expect(text.contains("\(own.directory)/broken.conf:1"))
            #expect(try await own.answer() == "503")
        }
    }

    @Test("Two apps share nginx and its status address, and the removal of one leaves the other")
    func twoApps() async throws {
        try await withNginx { own in
            let shop = try own.router()
            let blog = try own.router(app: "a-blog")
            for router in [shop, blog] {
                try await router.prepare()
                try await router.arm(own.table)
            }
            try await shop.route(.all(.blue))
            try await blog.route(.all(.green))
            try await shop.confirm(.all(.blue))
            try await blog.confirm(.all(.green))
            try await blog.remove()
            try await shop.confirm(.all(.blue))
            #expect(try await own.answer() == "blue")
            #expect(!FileSystem().exists("\(own.directory)/a-blog"))
            await #expect(throws: NginxError.self) { try await shop.remove() }
            #expect(try await own.answer() == "blue")
        }
    }

    @Test("Without the line that includes Teal's files nothing is written")
    func noIncludeLine() async throws {
        try await withNginx(includesTeal: false, usualSite: false) { own in
            await #expect(
                throws: NginxError.notIncluded(
                    mainConfig: own.config, line: "include \(own.directory)/*/http.conf;")
            ) { try await own.router().prepare() }
            #expect(try own.router().folder.read().texts.isEmpty)
            let isTaken = try await own.test()
            #expect(isTaken)
        }
    }

    @Test("A site without Teal's lines is told of, line by line")
    func notices() async throws {
        try await withNginx(usualSite: false) { own in
            let router = try own.router()
            try await router.prepare()
            let notices = try await router.notices()
            #expect(notices.count == 2)
            #expect(notices[0].hasSuffix("Add: include \(own.directory)/shop/server.conf;"))
            #expect(notices[1].hasSuffix("include \(own.directory)/shop/web.conf;"))
            try own.writeConfig(site: own.usualSite)
            #expect(try await router.notices() == [])
        }
    }

    @Test("Before the app's first file, a missing http line and a file cache are told")
    func readiness() async throws {
        try await withNginx(usualSite: false) { own in
            let router = try own.router()
            #expect(try await router.notices().count == 2)
            try own.writeConfig(http: "open_file_cache max=100;\n")
            await #expect {
                try await router.notices()
            } throws: { error in
                if case .openFileCache = error as? NginxError { true } else { false }
            }
            try own.writeConfig(includesTeal: false)
            await #expect {
                try await router.notices()
            } throws: { error in
                if case .notIncluded = error as? NginxError { true } else { false }
            }
        }
    }

    @Test("A site may include the app's files before the first deployment has written them")
    func awaitsFirstFiles() async throws {
        try await withNginx(usualSite: false) { own in
            let router = try own.router()
            #expect(try await router.awaitedFile() == nil)
            try own.writeConfig(site: own.usualSite)
            let first = "\(own.directory)/shop/server.conf"
            #expect(try await router.awaitedFile() == first)
            // Another file that is missing is the user's matter.
            try own.writeConfig(site: "server { include \(own.directory)/shop/other.conf; }\n")
            #expect(try await router.awaitedFile() == nil)
            try own.writeConfig(site: own.usualSite)
            try await router.prepare()
            #expect(try await router.awaitedFile() == nil)
            #expect(try await router.notices() == [])
        }
    }

    @Test("An upstream gets the Host of the request, and a connection that stays open")
    func headers() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.blue))
            #expect(
                try await own.answer(path: "/headers", header: "Host: shop.example:8443")
                    == "shop.example:8443||http")
            #expect(
                try await own.answer(path: "/headers", header: "Upgrade: websocket")
                    == "127.0.0.1:\(own.sitePort)|upgrade|http")
        }
    }

    @Test("A request in flight is seen as traffic that its colour still has")
    func inFlight() async throws {
        try await withNginx { own in
            let router = try own.router()
            try await router.prepare()
            try await router.arm(own.table)
            try await router.route(.all(.blue))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await own.answer(path: "/slow") }
                while try await router.remainingTraffic(to: .blue).connections == 0 {
                    try Task.checkCancellation()
                    await Task.yield()
                }
                try await router.route(.all(.green))
                #expect(try await router.remainingTraffic(to: .blue).connections == 1)
                #expect(try await router.remainingTraffic(to: .green).isNone)
                group.cancelAll()
            }
        }
    }
}
