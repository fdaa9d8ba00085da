import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("A canary in a real nginx", .serialized, .timeLimit(.minutes(20)))
struct CanaryStories {
    private static let ten = Share(percent: 10)
    private static let fifty = Share(percent: 50)
    private static let rollout = NginxSettings.Rollout(steps: [ten, fifty])

    /// With the colours armed and all requests on blue.
    private func withNginx(
        _ rollout: NginxSettings.Rollout = rollout, http: String = "",
        _ story: (OwnNginx, NginxRouter) async throws -> Void
    ) async throws {
        try await OwnNginx.running(http: http) { own in
            try own.writeConfig(http: http, site: own.usualSite)
            let router = try own.router(rollout: rollout)
            try await own.serveBlue(by: router)
            try await story(own, router)
        }
    }

    @Test("A canary gets its share of 10,000 clients, and keeps them when the share grows")
    func share() async throws {
        try await withNginx { own, router in
            func ask() async throws -> [String] {
                try await own.answers(to: 0..<10_000) { "User-Agent: Browser/\($0)" }
            }
            let workers = try own.workers
            try await router.route(.share(Self.ten, to: .green))
            try await router.confirm(.share(Self.ten, to: .green))
            #expect(try await router.traffic() == Traffic(.blue, canary: Self.ten, isWatched: true))
            let first = try await ask()
            #expect(first.count == 10_000)
            #expect(Set(first) == ["blue", "green"])
            #expect((800...1_200).contains(first.count { $0 == "green" }))
            #expect(try await ask() == first)
            try await router.route(.share(Self.fifty, to: .green))
            try await router.confirm(.share(Self.fifty, to: .green))
            let second = try await ask()
            #expect((4_800...5_200).contains(second.count { $0 == "green" }))
            #expect(zip(first, second).allSatisfy { $0 == "blue" || $1 == "green" })
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            #expect(Set(try await ask()) == ["green"])
            #expect(try own.workers == workers)
        }
    }

    @Test(
        "A canary knows a client by its cookie or header, and by its agent where it has none",
        arguments: [
            (Stickiness.cookie("session"), "Cookie: session="),
            (.header("X-Client-Id"), "X-Client-Id: "),
        ])
    func sticky(stickiness: Stickiness, header: String) async throws {
        var rollout = Self.rollout
        rollout.stickiness = stickiness
        try await withNginx(rollout) { own, router in
            try await router.route(.share(Self.fifty, to: .green))
            let known = try await own.answers(to: 0..<400) { "\(header)visitor-\($0)" }
            #expect((140...260).contains(known.count { $0 == "green" }))
            #expect(try await own.answers(to: 0..<400) { "\(header)visitor-\($0)" } == known)
            let strangers = try await own.answers(to: 0..<400) { "User-Agent: \($0)" }
            #expect((140...260).contains(strangers.count { $0 == "green" }))
        }
    }

    @Test("A canary loses no request while shares change and traffic moves, and reloads nothing")
    func noLoss() async throws {
        try await withNginx { own, router in
            let workers = try own.workers
            try await withThrowingTaskGroup(of: [String].self) { group in
                for client in 0..<3 {
                    group.addTask {
                        try await own.answers(to: client * 8_000..<(client + 1) * 8_000) {
                            "User-Agent: Browser/\($0)"
                        }
                    }
                }
                for turn in 0..<60 {
                    let base: Colour = turn.isMultiple(of: 2) ? .blue : .green
                    try await router.route(.all(base))
                    try await router.confirm(.all(base))
                    try await router.route(.share(Self.ten, to: base.other))
                    try await router.confirm(.share(Self.ten, to: base.other))
                    try await router.route(.share(Self.fifty, to: base.other))
                    try await router.confirm(.share(Self.fifty, to: base.other))
                }
                for try await answers in group {
                    #expect(answers.count == 8_000)
                    #expect(Set(answers).isSubset(of: ["blue", "green"]))
                }
            }
            #expect(try own.workers == workers)
        }
    }

    @Test(
        "A canary is the same after a restart of nginx, and after a deployment that is begun anew")
    func restart() async throws {
        try await withNginx { own, router in
            try await router.route(.share(Self.fifty, to: .green))
            let before = try await own.answers(to: 0..<300) { "User-Agent: \($0)" }
            try await own.restart()
            #expect(try await own.answers(to: 0..<300) { "User-Agent: \($0)" } == before)
            let later = try own.router(rollout: NginxSettings.Rollout(steps: [Share(percent: 5)]))
            try await later.prepare()
            try await later.arm(own.table)
            #expect(try await later.traffic().canary == Self.fifty)
            try await later.confirm(.share(Self.fifty, to: .green))
            let after = try await own.answers(to: 0..<300) { "User-Agent: \($0)" }
            #expect(zip(before, after).allSatisfy { $0 == $1 })
            try await later.route(.all(.blue))
            try await later.confirm(.all(.blue))
        }
    }

    @Test("A canary gets neither a share that the files do not know nor one of nobody's requests")
    func refusals() async throws {
        try await withNginx { own, router in
            let error = await #expect(throws: NginxError.self) {
                try await router.route(.share(Share(percent: 25), to: .green))
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains("blue-canary-25"))
            await #expect(throws: NginxError.nothingToDivide(.blue)) {
                try await router.route(.share(Self.ten, to: .blue))
            }
            #expect(try await router.traffic() == Traffic(.blue))
            await #expect(throws: NginxError.self) {
                try await router.confirm(.share(Self.ten, to: .green))
            }
            try await router.route(.share(Self.ten, to: .green))
            await #expect(throws: NginxError.self) { try await router.confirm(.all(.blue)) }
            await #expect(throws: NginxError.self) {
                try await router.confirm(.share(Self.fifty, to: .green))
            }
            let link = "\(own.directory)/shop/live"
            try FileSystem().replaceLink(at: link, with: "blue-canary-010")
            await #expect(
                throws: OrchestrationError.lostLink(
                    LostLink(path: link, .foreign(target: "blue-canary-010")))
            ) { try await router.traffic() }
        }
    }

    @Test("A canary of one app leaves another app in the same server block alone")
    func twoApps() async throws {
        try await withNginx { own, shop in
            let blog = try own.router(app: "a-blog", rollout: Self.rollout)
            try await blog.prepare()
            try await blog.arm(own.table)
            try own.writeConfig(
                site: own.usualSite.replacing(
                    "    location / {",
                    with: """
                            include \(own.directory)/a-blog/server.conf;
                            location /blog { include \(own.directory)/a-blog/web.conf; }
                            location / {
                        """))
            try await own.reload()
            try await blog.route(.all(.green))
            try await shop.route(.share(Self.fifty, to: .green))
            try await blog.confirm(.all(.green))
            let pages = try await own.answers(to: 0..<300, path: "/blog") { "User-Agent: \($0)" }
            #expect(Set(pages) == ["green"])
            let site = try await own.answers(to: 0..<300) { "User-Agent: \($0)" }
            #expect((100...200).contains(site.count { $0 == "green" }))
            try await shop.route(.all(.blue))
            try await blog.route(.share(Self.fifty, to: .blue))
            #expect(Set(try await own.answers(to: 0..<300) { "User-Agent: \($0)" }) == ["blue"])
            let divided = try await own.answers(to: 0..<300, path: "/blog") { "User-Agent: \($0)" }
            // The same clients as before belong to the share, and blue has it now.
            #expect(zip(site, divided).allSatisfy { ($0 == "green") == ($1 == "blue") })
        }
    }
}
