import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Status of what goes forward carefully")
struct WatchedStatusTests {
    private static let green = Placement(colour: .green, release: Sample.release(2))

    @Test("A canary's share and both colours' figures are shown")
    func canary() throws {
        let condition = condition(
            WatchedSample.inCanary, Traffic(.blue, canary: Share(percent: 10), isWatched: true))
        let text = try text(condition)
        #expect(text.contains("10% of the requests go to green, release 20261120-213407-0002.\n"))
        #expect(
            text.contains(
                """
                Deployment 1 was last seen like this:
                  observed    colour  requests  5xx  p50   p95    p99
                  canary 10%  green   2400      0    3 ms  12 ms  1.4 s
                              blue    9000      0    3 ms  12 ms  1.4 s

                """), "\(text)")
        let document = StatusDocument(app: "shop", condition)
        #expect(document.traffic?.canary?.percent == 10)
        #expect(document.traffic?.canary?.colour == "green")
        #expect(document.traffic?.canary?.release == "20261120-213407-0002")
        #expect(document.observed?.stage == "canary")
        #expect(document.observed?.candidate?.requests == 2400)
        #expect(document.maintenance == false)
    }

    @Test("A deployment that waits says until when, where to look, and both answers")
    func waiting() throws {
        let condition = condition(WatchedSample.waiting, Traffic(.blue))
        let text = try text(condition)
        #expect(
            text.contains(
                "Deployment 1 of release 20261120-213407-0002 to green waits for promotion until "
                    + "2026-11-20T22:34:05Z, and is then aborted. Look at it: "
                    + "http://127.0.0.1:8089\n"))
        #expect(
            text.hasSuffix(
                "Next: `teal promote --app shop` gives green the traffic, `teal abort --app shop` "
                    + "takes it away.\n"))
        #expect(!text.contains("unfinished"))
        let document = StatusDocument(app: "shop", condition, preview: "http://127.0.0.1:8089")
        #expect(document.unfinished?.waitsUntil == "2026-11-20T22:34:05Z")
        #expect(document.unfinished?.previewUrl == "http://127.0.0.1:8089")
        #expect(condition.verdict == .well)
    }

    @Test("One that nobody answered in time is not offered to be promoted")
    func waitedOut() throws {
        let condition = condition(
            WatchedSample.waiting, Traffic(.blue), now: Sample.moment + .seconds(3600))
        let text = try text(condition)
        #expect(text.contains("in vain: its time was over at 2026-11-20T22:34:05Z.\n"))
        #expect(text.hasSuffix("Next: `teal resume --app shop` finishes or undoes it.\n"))
    }

    @Test("A bake whose run is gone goes on or is undone, each by its own verb")
    func killedBake() throws {
        let killed = WatchedSample.deployment { spot in spot == .baking }
        let text = try text(condition(killed, Traffic(.green, isWatched: true)))
        #expect(
            text.hasSuffix(
                "Next: `teal resume --app shop` lets it go on, `teal rollback --app shop` undoes "
                    + "it.\n"), "\(text)")
    }

    @Test("Maintenance is said with the line that ends it")
    func maintenance() throws {
        let condition = condition(
            SummaryTests.finished(.promoted), Traffic(.blue, isInMaintenance: true))
        #expect(
            try text(condition).contains(
                "Maintenance is on: visitors get its page; `teal maintenance off --app shop` ends "
                    + "it.\n"))
        #expect(StatusDocument(app: "shop", condition).maintenance)
    }

    @Test("A candidate that was rolled back is shown with the figures that decided")
    func breached() throws {
        let condition = condition(WatchedSample.breached, Traffic(.blue))
        #expect(try text(condition).contains("  bake      green         240       24 (10%)"))
        #expect(StatusDocument(app: "shop", condition).observed?.candidate?.errors == 24)
    }

    private func text(_ condition: Condition) throws -> String {
        let app = try CleanTests.app("preview: {listen: \"127.0.0.1:8089\"}\n")
        return StatusText(condition, app).text
    }

    private func condition(
        _ deployment: Deployment, _ traffic: Traffic, now: Timestamp = Sample.moment
    ) -> Condition {
        let placements = [WatchedSample.blue, Self.green]
        let containers = placements.flatMap { placement in
            [Sample.api, Sample.web].map { service in
                Container(
                    id: "\(service.name) \(placement.colour)",
                    name: "shop-\(placement.colour)-\(service.name)-1",
                    replica: Replica(service: service.name, index: 1), role: service.role,
                    placement: placement, state: .running)
            }
        }
        return Condition(
            Situation(
                live: traffic.colour, containers: containers, deployments: [deployment],
                releases: []),
            Condition.Findings(traffic: traffic, now: now))
    }
}
