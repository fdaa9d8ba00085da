import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

/// One worker writes the log in the order in which it answers, so that a last request tells when
/// all before it are written.
@Suite("Observed by a real nginx", .serialized, .timeLimit(.minutes(20)))
struct RealObserverTests {
    private let clock = SystemClock()
    private static let files = FileSystem()

    /// An nginx whose blue colour has the traffic; the colours answer with their names, with an
    /// error at `/fail`, and after at least 2 s at `/late`.
    private func withNginx(
        steps: [Share] = [],
        _ story: (OwnNginx, NginxRouter, NginxObserver) async throws -> Void
    ) async throws {
        try await OwnNginx.running(workers: 1) { own in
            try own.writeConfig(http: standIns(own), site: own.usualSite, workers: 1)
            let router = try own.observedRouter(steps: steps)
            try await router.prepare()
            try await router.arm(table(own))
            try await router.route(.all(.blue))
            try await router.confirm(.all(.blue))
            try await story(own, router, NginxObserver(of: router))
        }
    }

    private func standIns(_ own: OwnNginx) -> String {
        [("blue", own.bluePort), ("green", own.greenPort)].map { name, port in
            """
            server {
                listen 127.0.0.2:\(port);
                location / { return 200 \(name); }
                location /fail { return 500; }
                location /late {
                    limit_rate 20;
                    return 200 "twenty bytes a second, so that these last two seconds longer";
                }
            }

            """
        }
        .joined()
    }

    private func table(_ own: OwnNginx) -> RoutingTable {
        RoutingTable(
            blue: [Route(service: "web", endpoints: ["127.0.0.2:\(own.bluePort)"])],
            green: [Route(service: "web", endpoints: ["127.0.0.2:\(own.greenPort)"])])
    }

    /// Asks until a request of its own, at `/fail`, is the last one that was counted; nginx may
    /// write it a second later.
    private func awaitLast(
        _ own: OwnNginx, _ observer: NginxObserver, errors: Int = 0
    ) async throws -> [Colour: RequestFigures] {
        _ = try await own.requests(["/fail"])
        while true {
            let figures = try await observer.look()
            if figures.values.reduce(0, { $0 + $1.errors }) > errors { return figures }
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private func log(_ own: OwnNginx) throws -> [Substring] {
        try Self.files.readText("\(own.directory)/shop/watch/requests.log").split(separator: "\n")
    }

    private var soon: Timestamp { clock.now + .seconds(60) }

    @Test("The figures are those of the requests, and nothing is reloaded for them")
    func figures() async throws {
        try await withNginx { own, router, observer in
            let workers = try own.workers
            try await observer.begin(until: soon)
            try await router.confirm(.all(.blue))
            _ = try await own.requests(["/?[1-950]", "/fail?[1-49]", "/late"])
            let found = try #require(try await awaitLast(own, observer, errors: 49)[.blue])
            #expect(found.requests == 1001)
            #expect(found.errors == 50)
            #expect(found.p50 < .seconds(2))
            try await observer.begin(until: soon)
            _ = try await own.requests(["/late"])
            let slow = try #require(try await awaitLast(own, observer)[.blue])
            #expect(slow.requests == 2)
            #expect(slow.p99 >= .seconds(2))
            try await observer.end()
            try await router.confirm(.all(.blue))
            #expect(try own.workers == workers)
        }
    }

    @Test("Nothing is written at rest, nor when the slots are over, whatever the link says")
    func rest() async throws {
        try await withNginx { own, router, observer in
            let workers = try own.workers
            let watch = AppPaths("\(own.directory)/shop").watch
            _ = try await own.requests(["/?[1-50]"])
            try await observer.begin(until: clock.now + .seconds(-1))
            #expect(try await router.traffic().isWatched)
            _ = try await own.requests(["/?[1-50]"])
            try watch.mark(from: clock.now + .seconds(-500), until: clock.now + .seconds(-150))
            _ = try await own.requests(["/?[1-50]"])
            // What nginx had held back of them would stand before this one.
            try watch.mark(from: clock.now, until: soon)
            #expect(try await awaitLast(own, observer)[.blue]?.requests == 1)
            #expect(try log(own).count == 1)
            try await observer.end()
            #expect(try await !router.traffic().isWatched)
            _ = try await own.requests(["/?[1-50]"])
            try await observer.begin(until: soon)
            #expect(try await awaitLast(own, observer)[.blue]?.requests == 1)
            #expect(try log(own).count == 1)
            #expect(try own.workers == workers)
        }
    }

    @Test("A request that asked no colour does not count")
    func others() async throws {
        try await withNginx { own, _, observer in
            try own.writeConfig(
                http: standIns(own),
                site: own.usualSite.replacing(
                    "location / {",
                    with: "location /own { return 503; }\nlocation / {"), workers: 1)
            let workers = try own.workers
            try await own.reload()
            while try !own.workers.isDisjoint(with: workers) { await Task.yield() }
            try await observer.begin(until: soon)
            _ = try await own.requests(["/own?[1-20]", "/?[1-3]"])
            let found = try await awaitLast(own, observer)
            #expect(found.keys.sorted { $0.rawValue < $1.rawValue } == [.blue])
            #expect(found[.blue]?.requests == 4)
            #expect(found[.blue]?.errors == 1)
        }
    }

    @Test("Two colours are told apart across a switch, which ends the watch")
    func twoColours() async throws {
        try await withNginx { own, router, observer in
            let workers = try own.workers
            try await observer.begin(until: soon)
            _ = try await own.requests(["/?[1-30]"])
            #expect(try await awaitLast(own, observer)[.blue]?.requests == 31)
            try await router.route(.all(.green))
            try await router.confirm(.all(.green))
            #expect(try await !router.traffic().isWatched)
            _ = try await own.requests(["/?[1-30]"])
            try await observer.begin(until: soon)
            _ = try await own.requests(["/?[1-20]"])
            let figures = try await awaitLast(own, observer)
            #expect(figures[.blue] == nil)
            #expect(figures[.green]?.requests == 21)
            #expect(try own.workers == workers)
        }
    }

    @Test("Both colours of a canary are counted side by side, and its end leaves it")
    func canary() async throws {
        let half = Share(percent: 50)
        try await withNginx(steps: [half]) { own, router, observer in
            try await router.route(.share(half, to: .green))
            try await observer.begin(until: soon)
            var answers = ""
            for agent in 1...30 {
                answers += try await own.requests(["/?[1-5]"], agent: "agent \(agent)")
            }
            let figures = try await awaitLast(own, observer)
            let greens = answers.split(separator: "green", omittingEmptySubsequences: false)
            let expected = greens.count - 1
            #expect(expected > 0 && expected < 150)
            let green = try #require(figures[.green])
            let blue = try #require(figures[.blue])
            #expect(green.requests - green.errors == expected)
            #expect(blue.requests - blue.errors == 150 - expected)
            try await observer.end()
            #expect(try await router.traffic().canary == half)
        }
    }

    @Test("A log that is cut again and again under load loses at most the lines of a moment")
    func underLoad() async throws {
        try await withNginx { own, _, observer in
            let small = NginxObserver(
                try own.observedSettings(), clock: clock, emptyAt: .kibibytes(1))
            try await small.begin(until: soon)
            let looks = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...2 {
                    group.addTask { try await own.requests(["/?[1-5000]"]).utf8.count / 4 }
                }
                var (looks, answers) = (0, 0)
                group.addTask {
                    var emptied = 0
                    while !Task.isCancelled {
                        _ = try await small.look()
                        if try log(own).isEmpty { emptied += 1 }
                        await Task.yield()
                    }
                    return emptied
                }
                for _ in 1...2 { answers += try await group.next() ?? 0 }
                group.cancelAll()
                looks = try await group.next() ?? 0
                #expect(answers == 10_000)
                return looks
            }
            #expect(looks > 0)
            let found = try #require(try await awaitLast(own, small)[.blue])
            // A buffer of 32 KiB holds some 700 lines.
            #expect((9300...10_001).contains(found.requests))
            #expect(try log(own).count < 1000)
            try await observer.end()
        }
    }

    @Test("A removed log is noticed, and is there again once nginx has reopened it")
    func removed() async throws {
        try await withNginx { own, _, observer in
            let path = "\(own.directory)/shop/watch/requests.log"
            try Self.files.removeTree(path)
            await #expect(throws: NginxError.logMissing(path)) {
                try await observer.begin(until: soon)
            }
            try await own.reopenLogs()
            while !Self.files.exists(path) { await Task.yield() }
            try await observer.begin(until: soon)
            #expect(try await awaitLast(own, observer)[.blue]?.requests == 1)
        }
    }
}
