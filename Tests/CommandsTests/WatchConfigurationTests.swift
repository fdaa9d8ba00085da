import BlueGreen
import Notices
import Testing

@testable import Commands

@Suite("watch in teal.yml")
struct WatchConfigurationTests {
    private static let head = "app: shop\nservices: {web: {port: 80}}\n"
    private static let token = "XXtokenXX"

    @Test("Without a word the usual settings hold, and nobody expects a heartbeat")
    func least() throws {
        let configuration = try parse("")
        #expect(configuration.watch == WatchSettings())
        #expect(configuration.heartbeat == nil)
        #expect(configuration.services["web"]?.watch == nil)
    }

    @Test("Every key reaches its setting")
    func everyKey() throws {
        let configuration = try parse(
            """
            watch:
              every: 5s
              fall: 4
              rise: 1
              grace: 0s
              on_failure: rollback
              restart: {at_most: 100, within: 24h, pause: 1s, longest: 1h, reset_after: 10s}
              rollback_within: 30d
              cool_down: 1s
              heartbeat: {url: "https://kuma.example/api/push/\(Self.token)", every: 10s}
              keep: {raw: 7d, minutes: 366d}
            """)
        let hour = Duration.seconds(3600)
        #expect(
            configuration.watch
                == WatchSettings(
                    every: .seconds(5), fall: 4, rise: 1, grace: .zero, onFailure: .rollback,
                    restarts: .init(
                        atMost: 100, within: hour * 24, pause: .seconds(1), longest: hour,
                        resetAfter: .seconds(10)),
                    rollbackWithin: hour * 24 * 30, coolDown: .seconds(1),
                    keep: .init(raw: hour * 24 * 7, minutes: hour * 24 * 366)))
        #expect(configuration.heartbeat?.every == .seconds(10))
        #expect(configuration.heartbeat?.name == "the heartbeat at kuma.example")
    }

    @Test("What is not named keeps its default")
    func parts() throws {
        let watch = try parse("watch: {restart: {at_most: 1}, keep: {raw: 1h}}").watch
        var expected = WatchSettings()
        expected.restarts.atMost = 1
        expected.keep.raw = .seconds(3600)
        #expect(watch == expected)
    }

    @Test(
        "The words of a service are words, also the one that YAML takes for a truth value",
        arguments: ServiceWatch.allCases)
    func service(_ word: ServiceWatch) throws {
        let configuration = try AppConfiguration(
            yaml: "app: shop\nservices: {web: {port: 80, watch: \(word.rawValue)}}",
            file: "teal.yml", environment: [:])
        #expect(configuration.services["web"]?.watch == word)
    }

    @Test("An empty variable leaves the heartbeat out, and `teal check` can say so")
    func leftOut() throws {
        let configuration = try parse("watch: {heartbeat: {url: \"${PUSH}\"}}", ["PUSH": " "])
        #expect(configuration.heartbeat == nil)
        #expect(configuration.notify.leftOut == ["watch.heartbeat.url"])
    }

    @Test("A rollback needs a previous colour that runs, and time for it")
    func rollback() throws {
        #expect(try parse("watch: {on_failure: rollback}").watch.onFailure == .rollback)
        let stopped = mistakes(
            Self.head + "keep: {previous: stopped}\nwatch: {on_failure: rollback}")
        #expect(
            stopped == [
                "teal.yml:4:21: watch.on_failure: the watch only goes back to a colour that runs, "
                    + "and `keep: {previous: stopped}` leaves none: say "
                    + "`keep: {previous: running}`, or `on_failure: restart`"
            ])
        // Whichever stands first.
        #expect(
            mistakes(Self.head + "watch: {on_failure: rollback}\nkeep: {previous: removed}").count
                == 1)
        let never = mistakes(Self.head + "watch: {on_failure: rollback, rollback_within: 0s}")
        #expect(never.count == 1)
        #expect(never.first?.contains("no release is rolled back") == true)
    }

    @Test("A wrong value says what is expected", arguments: wrong)
    func wrongValue(_ line: String, _ expected: String) {
        let found = mistakes(Self.head + line)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    static let wrong = [
        ("watch: off", "watch must be a mapping"),
        ("watch: {evry: 5s}", "did you mean \"every\"?"),
        ("watch: {every: 4s}", "watch.every must be between 5s and 1h, as in `every: 15s`"),
        ("watch: {every: 61m}", "watch.every must be between 5s and 1h"),
        ("watch: {fall: 0}", "watch.fall must be a number from 1 to 100"),
        ("watch: {rise: 101}", "watch.rise must be a number from 1 to 100"),
        ("watch: {grace: 2d}", "watch.grace must be at most 24h"),
        ("watch: {on_failure: off}", "must be one of notify, restart, rollback"),
        ("watch: {restart: 3}", "watch.restart must be a mapping"),
        ("watch: {restart: {at_most: 0}}", "watch.restart.at_most must be a number from 1 to 100"),
        ("watch: {restart: {at_most: 101}}", "a number from 1 to 100"),
        ("watch: {restart: {within: 9s}}", "restart.within must be between 10s and 24h"),
        ("watch: {restart: {pause: 0s}}", "restart.pause must be between 1s and 1h"),
        ("watch: {restart: {longest: 0s}}", "restart.longest must be between 1s and 24h"),
        ("watch: {restart: {reset_after: 1s}}", "reset_after must be between 10s and 24h"),
        (
            "watch: {restart: {pause: 10m}}",
            "watch.restart.longest (5m) is less than pause (10m), which only grows"
        ),
        ("watch: {rollback_within: 31d}", "watch.rollback_within must be at most 30d"),
        ("watch: {rollback_within: 1w}", "a duration with its unit (ms, s, m, h or d)"),
        ("watch: {cool_down: 0s}", "watch.cool_down must be between 1s and 24h"),
        ("watch: {keep: {raw: 30m}}", "watch.keep.raw must be between 1h and 7d"),
        ("watch: {keep: {raw: 8d}}", "watch.keep.raw must be between 1h and 7d"),
        ("watch: {keep: {minutes: 1h}}", "watch.keep.minutes must be between 24h and 366d"),
        ("watch: {keep: {minutes: 367d}}", "between 24h and 366d"),
        (
            "watch: {keep: {raw: 7d, minutes: 2d}}", "watch.keep.minutes (2d) is less than raw (7d)"
        ),
        ("watch: {heartbeat: on}", "watch.heartbeat must be a mapping"),
        ("watch: {heartbeat: {every: 60s}}", "must say its url, as in `url: \"${KUMA_PUSH_URL}\"`"),
        ("watch: {heartbeat: {url: \"http://127.0.0.1:1/\", every: 9s}}", "between 10s and 24h"),
        ("watch: {heartbeat: {url: [a]}}", "watch.heartbeat.url must be a URL"),
        ("watch: {heartbeat: {url: \"http://kuma.example/\(token)\"}}", "begins with http://"),
        ("watch: {heartbeat: {url: \"\(token)\"}}", "begins with neither https:// nor http://"),
        ("watch: {heartbeat: {url: \"${PUSH}\"}}", "PUSH"),
    ]

    @Test("No mistake quotes the heartbeat's address", arguments: wrong.map(\.0))
    func secret(_ line: String) {
        for mistake in mistakes(Self.head + line) { #expect(!mistake.contains(Self.token)) }
    }

    private func parse(
        _ yaml: String, _ environment: [String: String] = [:]
    ) throws -> AppConfiguration {
        try AppConfiguration(yaml: Self.head + yaml, file: "teal.yml", environment: environment)
    }
}
