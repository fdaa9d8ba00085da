import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Status in words")
struct StatusTextTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(2))

    @Test("The run that carries a deployment is left to it: nobody is told to start another")
    func underWay() throws {
        let app = try CleanTests.app()
        func text(_ holder: LockHolder?) -> String {
            var findings = Condition.Findings()
            findings.holder = holder
            let situation = Situation(
                live: nil, containers: [],
                deployments: [
                    Sample.deployment(previous: Self.blue),
                    SummaryTests.finished(.promoted, previous: nil),
                ], releases: [])
            return StatusText(Condition(situation, findings), app).text
        }
        let holder = LockHolder(pid: 1, since: Sample.moment, verb: "deploy", release: nil)
        #expect(!text(holder).contains("Next:"))
        #expect(text(nil).contains("Next: `teal resume --app shop`"))
    }

    @Test("A16: containers of others are told with the line to run, a lost network with its cure")
    func disturbed() throws {
        let app = try CleanTests.app()
        func text(_ disturbances: Disturbance...) -> String {
            var findings = Condition.Findings()
            findings.disturbances = disturbances
            let situation = Situation(live: nil, containers: [], deployments: [], releases: [])
            return StatusText(Condition(situation, findings), app).text
        }
        let stranger = Disturbance.stranger(Obstacle("mine is here. Stop it: `docker stop mine`."))
        #expect(
            text(stranger).contains(
                "In the way of the next deploy: mine is here. Stop it: `docker stop mine`.\n"))
        let lost = text(.offNetwork(container: "shop-db-1", network: "shop-blue"), stranger)
        #expect(lost.contains("Problem: shop-db-1 is off the network shop-blue.\n"))
        #expect(lost.contains("Next: `teal resume --app shop` connects it again."))
    }

    @Test("Where a container has ended, only moves are named that are possible")
    func ended() throws {
        let app = try CleanTests.app()
        func text(earlier: Bool) -> String {
            func container(_ service: String, _ state: Container.State) -> Container {
                Container(
                    id: service, name: service, replica: Replica(service: service, index: 1),
                    role: .exposed, placement: Self.blue, state: state, keepsRunning: true,
                    address: "10.213.5.10")
            }
            let ended = container("api", .exited(code: 0, outOfMemory: false))
            let previous = Placement(colour: .green, release: Sample.release(1))
            let releases = [Self.blue.release] + (earlier ? [previous.release] : [])
            let situation = Situation(
                live: .blue, containers: [ended, container("web", .running)],
                deployments: [Sample.finished(.promoted, previous: earlier ? previous : nil)],
                releases: releases.map {
                    Release(id: $0, label: nil, createdAt: Sample.moment, services: [])
                })
            var findings = Condition.Findings(traffic: Traffic(.blue))
            findings.health["api"] = .unhealthy(.notRunning(ended.state))
            return StatusText(Condition(situation, findings), app).text
        }
        let restart = "Next: `teal restart --app shop api` starts api again; "
        let logs = "`teal compose --app shop blue logs api` shows more."
        #expect(text(earlier: false).contains(restart + logs))
        let back = "`teal rollback --app shop` goes back; "
        #expect(text(earlier: true).contains(restart + back + logs))
    }

    @Test(
        "The log of an ill container is named by the command that shows it",
        arguments: [
            (ServiceRole.shared, 1, "`docker logs shop-db-1` shows more."),
            (.internal, 1, "`teal compose --app shop blue logs db` shows more."),
            (.internal, 2, "`teal compose --app shop blue logs db-1` shows more."),
        ])
    func logs(_ role: ServiceRole, _ count: Int, _ expected: String) throws {
        let containers = (1...count).map { index in
            Container(
                id: "db\(index)", name: "shop-db-\(index)",
                replica: Replica(service: "db", index: index), role: role,
                placement: role == .shared ? nil : Self.blue, state: .running)
        }
        let exposed = ["api", "web"].map {
            Container(
                id: $0, name: "shop-blue-\($0)-1", replica: Replica(service: $0, index: 1),
                role: .exposed, placement: Self.blue, state: .running)
        }
        let situation = Situation(
            live: .blue, containers: exposed + containers,
            deployments: [Sample.finished(.promoted, previous: nil)], releases: [])
        var findings = Condition.Findings(traffic: Traffic(.blue))
        findings.health["db1"] = .unhealthy(.notRunning(.other("paused")))
        let text = StatusText(Condition(situation, findings), try CleanTests.app()).text
        #expect(text.contains(expected))
    }

    @Test("Half an app that was taken down is told as that, and `down` is the way on")
    func halfDown() throws {
        let situation = Situation(
            live: nil, containers: [], deployments: [Sample.finished(.promoted, previous: nil)],
            releases: [])
        let text = StatusText(
            Condition(situation, Condition.Findings(traffic: Traffic(nil))), try CleanTests.app()
        ).text
        #expect(text.contains("Problem: `teal down` was not finished"))
        #expect(text.contains("Next: `teal down --app shop` finishes it"))
    }

    @Test("A singleton that the release with traffic does not have is not said to run there")
    func singletonOfOne() throws {
        func text(isShared: Bool) throws -> String {
            let idle = Placement(colour: .green, release: Sample.release(1))
            func container(_ service: PlannedService, _ placement: Placement, _ isUp: Bool)
                -> Container
            {
                Container(
                    id: "\(placement)\(service.name)", name: service.name,
                    replica: Replica(service: service.name, index: 1), role: service.role,
                    placement: placement,
                    state: isUp ? .running : .exited(code: 0, outOfMemory: false))
            }
            let situation = Situation(
                live: .blue,
                containers: [
                    container(Sample.web, Self.blue, true), container(Sample.web, idle, true),
                    container(Sample.worker, idle, false),
                ],
                deployments: [Sample.finished(.promoted, previous: idle)],
                releases: [
                    Release(
                        id: Self.blue.release, label: nil, createdAt: Sample.moment,
                        services: isShared ? [Sample.web, Sample.worker] : [Sample.web]),
                    Release(
                        id: idle.release, label: nil, createdAt: Sample.moment,
                        services: [Sample.web, Sample.worker]),
                ])
            return StatusText(
                Condition(situation, Condition.Findings(traffic: Traffic(.blue))),
                try CleanTests.app()
            ).text
        }
        let name = Sample.worker.name
        #expect(try text(isShared: true).contains("stopped on purpose: \(name) (in blue only)"))
        #expect(
            try text(isShared: false).contains(
                "stopped on purpose: \(name) (not part of the release in blue)"))
    }

    @Test("A move of traffic that no record tells of is told with what puts it on record")
    func unrecorded() throws {
        let container = Container(
            id: "web", name: "shop-blue-web-1", replica: Replica(service: "web", index: 1),
            role: .exposed, placement: Self.blue, state: .running, address: "10.213.5.10")
        let green = Sample.finished(
            .promoted, previous: Placement(colour: .blue, release: Sample.release(1)))
        let situation = Situation(
            live: .blue, containers: [container], deployments: [green], releases: [])
        let text = StatusText(
            Condition(situation, Condition.Findings()), try CleanTests.app()
        ).text
        #expect(text.contains("Problem: The history says that green has traffic"))
        #expect(
            text.contains(
                "Next: `teal resume --app shop`, or any command that writes, puts it right."))
    }

    @Test("A lost or damaged history is a problem beside what is known, with its own next move")
    func history() throws {
        let app = try CleanTests.app()
        let container = Container(
            id: "web", name: "shop-blue-web-1", replica: Replica(service: "web", index: 1),
            role: .exposed, placement: Self.blue, state: .running, address: "10.213.5.10")
        func text(_ reason: String?) -> String {
            var findings = Condition.Findings()
            findings.history = reason
            let situation = Situation(
                live: .blue, containers: [container], deployments: [], releases: [])
            return StatusText(Condition(situation, findings), app).text
        }
        for text in [text(nil), text("The history is damaged. Next: move it away.")] {
            #expect(text.hasPrefix("shop: traffic is on blue, release 20261120-213407-0002"))
            #expect(text.contains("web-1  exposed  running"))
            #expect(!text.contains("nothing was deployed yet"))
            #expect(!text.contains("look at nginx"))
        }
        #expect(text("It is damaged. Next: x.").contains("Problem: It is damaged. Next: x."))
        #expect(text(nil).contains("Problem: The app has containers, and its history is gone"))
    }

    @Test("The exit code says whether an app is well")
    func verdicts() {
        #expect(ExitStatus(Condition.Verdict.well) == .done)
        #expect(ExitStatus(Condition.Verdict.unhealthy) == .unhealthy)
        #expect(ExitStatus(Condition.Verdict.owing) == .unhealthy)
        #expect(ExitStatus(Condition.Verdict.unknown) == .unknown)
    }

    @Test("A3: A store without room ends a verb as one that touched nothing, another failure not")
    func storeFailures() {
        struct Failure: StoreFailure {
            let lacksRoom: Bool
        }
        #expect(ExitStatus(Failure(lacksRoom: true)) == .aborted)
        let record = ReleaseSourceError.noRoomForRecord(folder: "/var/lib/teal/shop", free: .zero)
        #expect(ExitStatus(record) == .aborted)
        #expect(ExitStatus(Failure(lacksRoom: false)) == .unexpectedError)
    }

    @Test("A replica's health is said with its reason")
    func health() {
        let killed = Container.State.exited(code: 137, outOfMemory: true)
        #expect(
            ReplicaHealth.unhealthy(.notRunning(killed)).text
                == "unhealthy: not running (out of memory, OOM-killed)")
        #expect(
            ReplicaHealth.unhealthy(.probe(.status(503))).text == "unhealthy: answered 503")
        #expect(
            ReplicaHealth.unhealthy(.probe(.noHealthCheck)).text
                == "unhealthy: reports \"no HEALTHCHECK\"")
    }
}
