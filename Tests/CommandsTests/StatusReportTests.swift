import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Status")
struct StatusReportTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(2))
    private static let green = Placement(colour: .green, release: Sample.release(1))
    private static let release = Release(
        id: Sample.release(2), label: "v2", createdAt: Sample.moment,
        services: [Sample.api, Sample.web])

    @Test("A colour whose replicas all are healthy is well")
    func healthy() {
        let report = report()
        #expect(report.status == .done)
        #expect(report.replicas.map(\.container.replica.description) == ["api-1", "web-1"])
        #expect(report.label(of: Sample.release(2)) == "v2")
        #expect(report.since == Sample.moment + .seconds(12))
    }

    @Test("One replica that fails its probe makes the active colour unhealthy")
    func unhealthy() {
        #expect(report(health: ["web": .unhealthy("answered 503")]).status == .unhealthy)
    }

    @Test("A replica that is not there makes the active colour unhealthy")
    func missing() {
        let report = report(containers: [Self.container("web", Self.blue)])
        #expect(report.missing == [Replica(service: "api", index: 1)])
        #expect(report.status == .unhealthy)
    }

    @Test("What the other colour holds does not count")
    func otherColour() {
        let stopped = Self.container(
            "web", Self.green, .exited(code: 1, outOfMemory: false))
        let report = report(containers: Self.running + [stopped])
        #expect(report.status == .done)
        #expect(report.situation.idle == Self.green)
    }

    @Test("A link to a colour without running containers is a disagreement")
    func noContainers() {
        #expect(report(containers: []).status == .unknown)
    }

    @Test("A link against the history is a disagreement")
    func otherLink() {
        let report = report(
            live: .green, containers: Self.running + [Self.container("web", Self.green)])
        #expect(report.status == .unknown)
        #expect(report.disagreements.count == 1)
        #expect(self.report(live: nil).status == .unknown)
    }

    @Test("Workers that do not route to the link's colour are a disagreement")
    func routing() {
        #expect(report(routing: "nginx answers otherwise").status == .unknown)
    }

    @Test("While a deployment is under way, a link that is ahead of the history is none")
    func underWay() {
        let report = report(
            live: .green, containers: [Self.container("web", Self.green)],
            deployments: [Sample.deployment(previous: Self.blue), Self.promoted])
        #expect(report.disagreements.isEmpty)
        #expect(report.unfinished?.number == 1)
    }

    @Test("Before the first deployment nothing is wrong")
    func nothing() {
        #expect(report(live: nil, containers: [], deployments: []).status == .done)
    }

    private static let promoted = SummaryTests.finished(.promoted, previous: nil)
    private static let running = [container("api", blue), container("web", blue)]

    private static func container(
        _ service: String, _ placement: Placement, _ state: Container.State = .running
    ) -> Container {
        Container(
            id: "\(service) \(placement.colour)", name: "shop-\(placement.colour)-\(service)-1",
            replica: Replica(service: service, index: 1),
            role: service == "web" ? .exposed : .internal, placement: placement, state: state)
    }

    private func report(
        live: Colour? = .blue, containers: [Container] = running,
        deployments: [Deployment] = [promoted], health: [String: ReplicaHealth] = [:],
        routing: String? = nil
    ) -> StatusReport {
        var findings = StatusReport.Findings(routing: routing)
        for container in containers {
            findings.health[container.id] = health[container.replica.service] ?? .healthy
        }
        return StatusReport(
            Situation(
                live: live, containers: containers, deployments: deployments,
                releases: [Self.release]), findings)
    }
}
