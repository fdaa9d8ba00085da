import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("The ladder")
struct LadderTests {
    private static func replica(_ service: String, _ index: Int = 1) -> Replica {
        Replica(service: service, index: index)
    }

    private static func services(_ names: [String]) -> [PlannedService] {
        names.map { PlannedService(name: $0, role: .internal, healthCheck: Sample.web.healthCheck) }
            + [Sample.web]
    }

    /// `db` is up, `cache` does not answer yet.
    private static func starting(_ past: [Deployment] = []) -> LadderSample {
        var sample = LadderSample(services(["db", "cache"]), canary: [10, 50], past: past)
        sample.goOn { step in
            if case .awaitUp(let container, _) = step {
                container.service.name == "cache"
            } else {
                false
            }
        }
        sample.pass(.milliseconds(2340))
        sample.take(.waiting(for: replica("cache"), .status(503)))
        return sample
    }

    @Test("At its start: each service a line, with what it waits for and what is usual")
    func start() {
        let past = [1, 1, 1].map { LadderSample.promoted(.seconds($0)) }
        #expect(
            Self.starting(past).text(80) == """
                ✓ preparing 4.0 s  usually 4.0 s
                ▸ starting  5.3 s  1 of 3 up  usually 3.0 s
                  ✓ db-1    2.0 s
                  ▸ cache-1 3.3 s  it answered 503  at most 120 s once it runs
                  · web-1
                · arming           usually 2.0 s
                · probing          usually 5.0 s
                · canary           10%, 50%; 20 s each
                · switching        usually 2.0 s
                · baking           60 s
                · draining         at most 30 s
                · proving          usually 1.0 s
                · retiring         usually 1.0 s
                  total     9.3 s  usually 81 s

                """)
    }

    @Test("A canary stands against its end, and its figures against their bounds")
    func canary() {
        #expect(
            Self.inCanary().text(80) == """
                ✓ preparing 4.0 s
                ✓ starting  3.0 s  web-1 is up
                ✓ arming    2.0 s
                ✓ probing   1.0 s
                ▸ canary     31 s  ████░░░░░░░░░░  15 s left  50% to green, step 2 of 2
                    errors   2.5%  ███████░░░░░░░  of 5%  6 of 240 requests
                    p95     30 ms  █████████████░  of 33 ms  blue has 11 ms
                · switching
                · baking           60 s
                · draining         at most 30 s
                · proving
                · retiring
                  total      41 s

                """)
    }

    private static func inCanary() -> LadderSample {
        var sample = LadderSample([Sample.web], canary: [10, 50])
        sample.goOn { step in
            if case .observe(.canary(let share), _) = step {
                share == Share(percent: 50)
            } else {
                false
            }
        }
        sample.pass(.seconds(5))
        sample.record(
            .observed(
                Observation(
                    candidate: WatchedSample.figures(240, errors: 6, p95: 30),
                    previous: WatchedSample.figures(240, p95: 11))))
        return sample
    }

    @Test("A narrow screen cuts lines and shortens bars; no line reaches its last column")
    func narrow() {
        #expect(
            Self.inCanary().text(60) == """
                ✓ preparing 4.0 s
                ✓ starting  3.0 s  web-1 is up
                ✓ arming    2.0 s
                ✓ probing   1.0 s
                ▸ canary     31 s  ██░░░░░░░  15 s left  50% to green, ste…
                    errors   2.5%  █████░░░░  of 5%  6 of 240 requests
                    p95     30 ms  ████████░  of 33 ms  blue has 11 ms
                · switching
                · baking           60 s
                · draining         at most 30 s
                · proving
                · retiring
                  total      41 s

                """)
        for columns in [1, 5, 20, 60, 80, 120, 300] {
            for line in Self.inCanary().text(columns).split(separator: "\n") {
                #expect(String(line).displayWidth < max(2, columns))
            }
        }
    }

    @Test("A wide screen has room for longer bars")
    func wide() {
        #expect(
            Self.inCanary().text(120) == """
                ✓ preparing 4.0 s
                ✓ starting  3.0 s  web-1 is up
                ✓ arming    2.0 s
                ✓ probing   1.0 s
                ▸ canary     31 s  ██████░░░░░░░░░░░░░░░░░░  15 s left  50% to green, step 2 of 2
                    errors   2.5%  ████████████░░░░░░░░░░░░  of 5%  6 of 240 requests
                    p95     30 ms  ██████████████████████░░  of 33 ms  blue has 11 ms
                · switching
                · baking           60 s
                · draining         at most 30 s
                · proving
                · retiring
                  total      41 s

                """)
    }

    @Test("A terminal without Unicode gets the same in ASCII")
    func ascii() {
        let text = Self.inCanary().text(80, .ascii)
        #expect(text.allSatisfy { $0.isASCII })
        #expect(text.contains("> canary "))
        #expect(text.contains("+ preparing "))
        #expect(text.contains("  ####"))
        let characters = LadderText.Characters.init(environment:)
        #expect(characters(["LANG": "C.UTF-8"]) == .unicode)
        #expect(characters(["LANG": "de_DE.utf8", "LC_ALL": ""]) == .unicode)
        #expect(characters(["LANG": "C.UTF-8", "LC_ALL": "C"]) == .ascii)
        #expect(characters([:]) == .ascii)
    }

    @Test("Long and wide names keep the columns, and a container its number")
    func names() {
        var sample = LadderSample(
            Self.services(["a-service-with-a-name-that-is-longer-than-most", "注文サービス", "🚀rocket"]))
        sample.goOn { step in
            if case .awaitUp(let container, _) = step {
                container.service.name == "🚀rocket"
            } else {
                false
            }
        }
        sample.pass(.seconds(3))
        #expect(
            sample.text(60) == """
                ✓ preparing           4.0 s
                ▸ starting            8.0 s  2 of 4 up
                  ✓ a-service-w…ost-1 2.0 s
                  ✓ 注文サービス-1    2.0 s
                  ▸ 🚀rocket-1        4.0 s  at most 120 s once it runs
                  · web-1
                · arming
                · probing
                · switching
                · baking                     60 s
                · draining                   at most 30 s
                · proving
                · retiring
                  total                12 s

                """)
    }

    @Test("Twelve services on a screen of 24 lines: those at work are shown, the others counted")
    func manyServices() {
        let services = (1...12).map {
            PlannedService(
                name: "service\($0)", role: .internal, replicas: 2,
                healthCheck: Sample.web.healthCheck)
        }
        var sample = LadderSample(services + [Sample.web])
        sample.goOn { step in
            if case .awaitUp(let container, _) = step {
                container.service.name == "service5"
            } else {
                false
            }
        }
        #expect(
            sample.text(80) == """
                ✓ preparing          4.0 s
                ▸ starting            17 s  8 of 25 up
                  ▸ service5-1       1.0 s  at most 120 s once it runs
                  · 8 up, 16 to come
                · arming
                · probing
                · switching
                · baking                    60 s
                · draining                  at most 30 s
                · proving
                · retiring
                  total               21 s

                """)
        for rows in 2...40 {
            let lines = sample.text(80, rows: rows).split(separator: "\n")
            #expect(lines.count < rows)
            #expect(lines.contains { $0.contains("▸ starting") })
        }
    }

    @Test("The columns stay where they are while containers are counted and named by turns")
    func steadyColumns() {
        let names = ["a-service-with-a-name", "db", "cache", "queue"]
        let columns = names.compactMap { name in
            var sample = LadderSample(Self.services(names))
            sample.goOn { step in
                if case .awaitUp(let container, _) = step {
                    container.service.name == name
                } else {
                    false
                }
            }
            let lines = sample.text(100, rows: 14).split(separator: "\n")
            #expect(lines.contains { $0.contains("\(name)-1") && !$0.contains("up") })
            let starting = lines.first { $0.contains("▸ starting") } ?? ""
            return starting.firstRange(of: " s  ").map { starting[..<$0.lowerBound].count }
        }
        #expect(columns.count == names.count && Set(columns).count == 1)
    }

    @Test("A drain shows how many connections are left, and the longest time that it may take")
    func drain() {
        var sample = LadderSample([Sample.web])
        sample.goOn { if case .drain = $0 { true } else { false } }
        sample.take(.draining(.blue, RemainingTraffic(connections: 12, oldWorkers: 1)))
        sample.pass(.milliseconds(7500))
        sample.take(.draining(.blue, RemainingTraffic(connections: 3, oldWorkers: 1)))
        #expect(
            sample.text(80) == """
                ✓ preparing     4.0 s
                ✓ starting      3.0 s  web-1 is up
                ✓ arming        2.0 s
                ✓ probing       1.0 s
                ✓ switching     2.0 s
                ✓ baking         62 s  240 requests, 1 (0.4%) with a 5xx, p95 13 ms
                ▸ draining      7.5 s  ███░░░░░░░░░░  at most 22 s more
                    connections     3  ███░░░░░░░░░░  of 12
                    old workers     1  nginx workers of before
                · proving
                · retiring
                  total          81 s

                """)
    }

    @Test("At the end the ladder has what each stage took, and the outcome")
    func promoted() {
        var sample = LadderSample([Sample.web], canary: [10])
        sample.goOn { _ in false }
        #expect(
            sample.text(80) == """
                ✓ preparing    4.0 s
                ✓ starting     3.0 s  web-1 is up
                ✓ arming       2.0 s
                ✓ probing      1.0 s
                ✓ canary        23 s  240 requests, 1 (0.4%) with a 5xx, p95 13 ms
                ✓ switching    2.0 s
                ✓ baking        62 s  240 requests, 1 (0.4%) with a 5xx, p95 13 ms
                ✓ draining     1.0 s
                ✓ proving      1.0 s
                ✓ retiring     1.0 s
                ✓ promoted  1:40 min

                """)
    }

    @Test("A failure stands on its stage, above the way back")
    func failed() {
        let past = [1, 2, 3].map { LadderSample.promoted(.seconds($0)) }
        var sample = LadderSample([Sample.web], past: past)
        sample.goOn(
            looking: Observation(
                candidate: WatchedSample.figures(240, errors: 24),
                previous: WatchedSample.figures(1240))
        ) { _ in false }
        #expect(
            sample.text(80) == """
                ✓ preparing      4.0 s  usually 8.0 s
                ✓ starting       3.0 s  usually 6.0 s  web-1 is up
                ✓ arming         2.0 s  usually 4.0 s
                ✓ probing        1.0 s  usually 3.0 s
                ✓ switching      2.0 s  usually 4.0 s
                ✗ baking          61 s  green answered 24 of 240 requests with a 5xx (10%); `e…
                ✓ switching back 2.0 s
                ✓ draining back  1.0 s
                ✓ cleaning up    1.0 s
                ✗ rolled back     77 s

                """)
    }

    @Test("Without events it shows what the record tells")
    func record() {
        var ladder = Ladder()
        let sample = Self.starting()
        ladder.take(.advanced(sample.deployment), at: sample.now)
        let lines = LadderText(
            ladder, at: sample.now, in: LadderText.Size(columns: 80, rows: 24), .unicode
        ).lines.map(\.text)
        #expect(lines.contains("  ✓ db-1"))
        #expect(lines.contains { $0.hasPrefix("  ▸ cache-1") })
        #expect(lines.contains("  · web-1"))
    }

    @Test("A person's turn says how to answer and how long that is possible")
    func waiting() throws {
        var ladder = Ladder()
        ladder.take(.advanced(WatchedSample.waiting), at: Sample.moment)
        let lines = LadderText(
            ladder, at: Sample.moment + .seconds(600),
            in: LadderText.Size(columns: 120, rows: 24), .unicode
        ).lines.map(\.text)
        let line = try #require(lines.first { $0.hasPrefix("▸ waiting") })
        #expect(line.contains("10:00 min"))
        #expect(line.contains("at most 50:00 min more  for `teal promote` or `teal abort`"))
    }

    @Test(
        "A running time is short and does not jump",
        arguments: [
            (340, "0.3 s"), (9_990, "9.9 s"), (10_000, "10 s"), (99_999, "99 s"),
            (125_000, "2:05 min"), (3_720_000, "1:02 h"), (-5, "0.0 s"),
        ])
    func running(_ milliseconds: Int, _ expected: String) {
        #expect(Duration.milliseconds(milliseconds).running == expected)
    }

    @Test(
        "A time that is over is told to the nearest unit, as in the sentence below the ladder",
        arguments: [
            (940, "940 ms"), (999, "999 ms"), (1_000, "1.0 s"), (1_960, "2.0 s"), (9_949, "9.9 s"),
            (9_950, "10 s"), (14_499, "14 s"), (14_500, "15 s"), (99_500, "1:40 min"),
            (3_599_500, "1:00 h"),
        ])
    func passed(_ milliseconds: Int, _ expected: String) {
        #expect(Duration.milliseconds(milliseconds).passed == expected)
    }

    @Test("The total of a deployment that is over agrees with the sentence below it")
    func total() throws {
        var sample = LadderSample([Sample.web])
        sample.pass(.milliseconds(700))
        sample.goOn { _ in false }
        sample.pass(.seconds(5))
        let last = try #require(sample.text(80).split(separator: "\n").last)
        #expect(last == "✓ promoted   78 s")
    }

    @Test("A narrow line keeps what is waited for, and gives up what is usual")
    func wait() throws {
        let past = [1, 1, 1].map { LadderSample.promoted(.seconds($0)) }
        var sample = Self.starting(past)
        sample.take(.output("CPU pressure is above its bound"))
        let line = try #require(
            sample.text(60).split(separator: "\n").first { $0.hasPrefix("▸ starting") })
        #expect(line == "▸ starting  5.3 s  1 of 3 up  CPU pressure is above its bo…")
    }

    @Test(
        "A terminal's columns are counted",
        arguments: [
            ("web", 3), ("", 0), ("注文", 4), ("🚀", 2), ("e\u{301}", 1), ("한", 2), ("👩‍👩‍👧", 2),
            ("✓", 1), ("█", 1), ("❤️", 2),
        ])
    func columns(_ text: String, _ expected: Int) {
        #expect(text.displayWidth == expected)
    }

    @Test("A cut text has its mark and never too many columns")
    func cut() {
        #expect("abcdef".cut(toColumns: 4, mark: "…") == "abc…")
        #expect("注文注文".cut(toColumns: 4, mark: "…") == "注…")
        #expect("注文".cut(toColumns: 4, mark: "…") == "注文")
        #expect("abc".cut(toColumns: 0, mark: "…") == "")
        #expect("a-long-service-12".cutInside(toColumns: 12, mark: "…") == "a-long-s…-12")
        #expect("a-long-service-12".cutInside(toColumns: 3, mark: "…") == "a-…")
    }
}
