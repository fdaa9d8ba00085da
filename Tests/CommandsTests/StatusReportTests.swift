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

    @Test("A singleton waits in the idle colour and must run in the active one")
    func singleton() {
        let ended = Container.State.exited(code: 0, outOfMemory: false)
        let own = Self.container("worker", Self.blue, role: .singleton)
        let other = Self.container("worker", Self.green, ended, role: .singleton)
        #expect(report(containers: Self.running + [own, other]).status == .done)
        let stopped = Self.container("worker", Self.blue, ended, role: .singleton)
        let ill = ["worker": ReplicaHealth.unhealthy("not running")]
        #expect(report(containers: Self.running + [stopped], health: ill).status == .unhealthy)
        // Under way, and past the switch, it still runs in the colour that traffic left.
        var deployment = Sample.deployment(previous: Self.green)
        while !deployment.isPastSwitch, let step = deployment.nextStep(at: Sample.moment) {
            deployment.record(.done, of: step, at: Sample.moment)
        }
        let underWay = report(
            containers: Self.running + [stopped], deployments: [deployment], health: ill,
            holder: LockHolder(pid: 1, since: Sample.moment, verb: "deploy", release: nil))
        #expect(underWay.status == .done)
        #expect(underWay.replicas.contains { $0.health == .waiting })
    }

    @Test("A singleton that runs in both colours is a disagreement")
    func doubleSingleton() {
        let both = [Self.blue, Self.green].map { Self.container("worker", $0, role: .singleton) }
        let report = report(containers: Self.running + both)
        #expect(report.status == .unknown)
        #expect(
            report.disagreements == ["worker may run in one colour at a time and runs in both."])
    }

    @Test("A singleton that ended well has not done its work, as a one-shot has")
    func endedSingleton() async {
        let container = Self.container(
            "worker", Self.blue, .exited(code: 0, outOfMemory: false), role: .singleton)
        for (isOneShot, isBad) in [(false, true), (true, false)] {
            let service = PlannedService(name: "worker", role: .singleton, isOneShot: isOneShot)
            #expect(ReplicaLook.end(of: container, service).map(\.isBad) == isBad)
        }
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

    @Test("A set that did not come back whole is judged by its replicas, not by how that ended")
    func impaired() {
        let deployments = [RoomSummaryTests.impairedDeployment, Self.promoted]
        #expect(report(deployments: deployments).status == .done)
        let ill = report(deployments: deployments, health: ["web": .unhealthy("not running")])
        #expect(ill.status == .unhealthy)
    }

    @Test("While a deployment is under way, a link that is ahead of the history is none")
    func underWay() {
        let report = report(
            live: .green, containers: [Self.container("web", Self.green)],
            deployments: [Sample.deployment(previous: Self.blue), Self.promoted])
        #expect(report.disagreements.isEmpty)
        #expect(report.unfinished?.number == 1)
    }

    @Test("Who runs a deployment is left to it: nobody is told to start another")
    func underWayNext() throws {
        let app = try CleanTests.app()
        let holder = LockHolder(pid: 1, since: Sample.moment, verb: "deploy", release: nil)
        func text(_ holder: LockHolder?) -> String {
            let deployments = [Sample.deployment(previous: Self.blue), Self.promoted]
            return StatusText(
                report(live: nil, containers: [], deployments: deployments, holder: holder), app
            ).text
        }
        #expect(!text(holder).contains("Next:"))
        #expect(text(nil).contains("Next: `teal resume --app shop`"))
    }

    @Test("Before the first deployment nothing is wrong")
    func nothing() {
        #expect(report(live: nil, containers: [], deployments: []).status == .done)
    }

    private static let promoted = SummaryTests.finished(.promoted, previous: nil)
    private static let running = [container("api", blue), container("web", blue)]

    private static func container(
        _ service: String, _ placement: Placement, _ state: Container.State = .running,
        role: ServiceRole? = nil
    ) -> Container {
        Container(
            id: "\(service) \(placement.colour)", name: "shop-\(placement.colour)-\(service)-1",
            replica: Replica(service: service, index: 1),
            role: role ?? (service == "web" ? .exposed : .internal), placement: placement,
            state: state)
    }

    private func report(
        live: Colour? = .blue, containers: [Container] = running,
        deployments: [Deployment] = [promoted], health: [String: ReplicaHealth] = [:],
        routing: String? = nil, holder: LockHolder? = nil
    ) -> StatusReport {
        var findings = StatusReport.Findings(routing: routing, holder: holder)
        for container in containers {
            findings.health[container.id] = health[container.replica.service] ?? .healthy
        }
        return StatusReport(
            Situation(
                live: live, containers: containers, deployments: deployments,
                releases: [Self.release]), findings)
    }
}
