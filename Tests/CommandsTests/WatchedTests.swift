import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("What is said of a candidate that is watched")
struct WatchedTests {
    private let written = Written()

    @Test("A breach is told with the figures that decided, and where the candidate is kept")
    func breach() {
        #expect(
            lines(of: WatchedSample.breached) == [
                "Rolled back after the switch after 60 s: release 20261120-213407-0002 lost its "
                    + "traffic.",
                "Why: green answered 24 of 240 requests with a 5xx (10%); `errors` allows 5%.",
                "  observed  colour        requests  5xx       p50   p95    p99",
                "  bake      green         240       24 (10%)  3 ms  40 ms  1.4 s",
                "            blue, before  1240      0         3 ms  11 ms  1.4 s",
                "  | out of cheese",
                "Traffic is on blue, release 20261120-213406-0001.",
                "Next: look at green, which is kept stopped, with `teal compose --app shop green "
                    + "logs`, fix the release and run `teal deploy --app shop` again.",
            ])
    }

    @Test("One in a canary says that it never had more than its share")
    func canaryBreach() {
        let lines = lines(of: WatchedSample.breachedInCanary)
        #expect(lines[0].hasPrefix("Rolled back from the canary after 60 s: release"))
        #expect(lines[0].hasSuffix("lost its share of the traffic."))
        #expect(
            lines[3...4] == [
                "  canary 12.5%  green   240       24 (10%)  3 ms  40 ms  1.4 s",
                "                blue    2160      2 (0.1%)  3 ms  12 ms  1.4 s",
            ])
    }

    @Test("A trouble with a container that is kept is looked at in its log")
    func trouble() {
        let look = Observation(
            candidate: WatchedSample.figures(240),
            trouble: Failure(
                .exited(Replica(service: "web", index: 1), code: 137),
                "green web-1 was killed: no memory."))
        let ended = WatchedSample.deployment(seeing: [.bake: look]) { _ in false }
        #expect(ended.outcome == .rolledBack)
        #expect(lines(of: ended).contains("Why: green web-1 was killed: no memory."))
        #expect(lines(of: ended).last?.contains("green logs web`, fix the release") == true)
    }

    @Test("One that waits says until when, that traffic is where it was, and both answers")
    func waiting() {
        #expect(
            lines(of: WatchedSample.waiting) == [
                "Waiting for promotion until 2026-11-20T22:34:05Z: release 20261120-213407-0002 "
                    + "is healthy in green and has no traffic.",
                "Traffic is on blue, release 20261120-213406-0001.",
                "Next: `teal promote --app shop` gives green the traffic, `teal abort --app shop` "
                    + "takes it away.",
            ])
    }

    @Test("The history has the figures of each stage, and without being asked those of a breach")
    func history() {
        let good = WatchedSample.deployment(canary: [10]) { _ in false }
        #expect(good.outcome == .promoted)
        let details = HistoryTable([good], details: .shown).text
        #expect(
            details.contains(
                """
                    observed    colour        requests  5xx  p50   p95    p99
                    canary 10%  green         2400      0    3 ms  12 ms  1.4 s
                                blue          9000      0    3 ms  12 ms  1.4 s
                    bake        green         2400      0    3 ms  12 ms  1.4 s
                                blue, before  1240      0    3 ms  11 ms  1.4 s

                """))
        let hidden = HistoryTable(
            [WatchedSample.waiting, WatchedSample.breached, good], details: .hidden
        ).text.split(separator: "\n")
        #expect(hidden.count == 8)
        #expect(hidden[1].contains("waiting"))
        #expect(
            hidden[3]
                == "    green answered 24 of 240 requests with a 5xx (10%); `errors` allows 5%.")
        #expect(hidden[5] == "    bake      green         240       24 (10%)  3 ms  40 ms  1.4 s")
    }

    @Test("The JSON of a deployment has the figures of each stage")
    func json() throws {
        let document = DeploymentDocument(WatchedSample.breachedInCanary)
        let observed = try #require(document.observed)
        #expect(
            try JSONText.of(observed) == """
                [
                  {
                    "candidate" : {
                      "colour" : "green",
                      "errors" : 24,
                      "p50_milliseconds" : 3,
                      "p95_milliseconds" : 40,
                      "p99_milliseconds" : 1400,
                      "requests" : 240
                    },
                    "percent" : 12.5,
                    "previous" : {
                      "colour" : "blue",
                      "errors" : 2,
                      "p50_milliseconds" : 3,
                      "p95_milliseconds" : 12,
                      "p99_milliseconds" : 1400,
                      "requests" : 2160
                    },
                    "stage" : "canary"
                  }
                ]

                """)
        let unwatched = DeploymentDocument(SummaryTests.finished(.promoted))
        #expect(unwatched.observed == nil && unwatched.waitsUntil == nil)
        #expect(DeploymentDocument(WatchedSample.waiting).waitsUntil == "2026-11-20T22:34:05Z")
        let bake = try #require(DeploymentDocument(WatchedSample.breached).observed?.last)
        #expect(bake.stage == "bake" && bake.percent == nil && bake.previous?.requests == 1240)
    }

    @Test("A watch is a line when it begins, every ten seconds, and when it ends")
    func progress() {
        let clock = ManualClock()
        let reporter = LineReporter(.plain, clock: clock) { [written] in written.add($0) }
        let deployment = WatchedSample.deployment { $0 == .baking }
        let until = Sample.moment + .seconds(25)
        for second in 0...25 {
            clock.move(to: Sample.moment + .seconds(second))
            let look = Observation(
                candidate: WatchedSample.figures(second, errors: second / 20),
                previous: WatchedSample.figures(second * 9))
            reporter.report(.observed(.bake, look, of: deployment, until: until))
        }
        let look = Observation(
            candidate: WatchedSample.figures(1), previous: WatchedSample.figures(9))
        reporter.report(
            .observed(.canary(Share(percent: 10)), look, of: deployment, until: until))
        reporter.report(.observed(.before, Observation(), of: deployment, until: until))
        #expect(
            written.text == """
                21:34:05 bake until 21:34:30: green no requests; blue before: p95 11 ms
                21:34:15 bake until 21:34:30: green 10 requests, 0 with a 5xx, p95 12 ms; \
                blue before: p95 11 ms
                21:34:25 bake until 21:34:30: green 20 requests, 1 (5%) with a 5xx, p95 12 ms; \
                blue before: p95 11 ms
                21:34:30 bake until 21:34:30: green 25 requests, 1 (4%) with a 5xx, p95 12 ms; \
                blue before: p95 11 ms
                21:34:30 canary 10% until 21:34:30: green 1 request, 0 with a 5xx, p95 12 ms; \
                blue 9 requests, 0 with a 5xx, p95 12 ms
                21:34:30 before: blue no figures

                """)
    }

    @Test("In a GitHub Actions job the wait stands outside of any group")
    func actions() {
        let reporter = LineReporter(.actions, clock: ManualClock()) { [written] in written.add($0) }
        reporter.report(.entered(phase: "waiting"))
        reporter.report(.awaitingPromotion(WatchedSample.waiting))
        #expect(written.text.hasPrefix("::group::waiting\n::endgroup::\n21:34:05 green is healthy"))
    }

    private func lines(of deployment: Deployment) -> [String] {
        Summary(
            of: deployment, Summary.Circumstances(live: .blue, options: " --app shop")
        ).lines
    }
}
