import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("The condition of an app")
struct ConditionTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(2))
    private static let green = Placement(colour: .green, release: Sample.release(1))
    private static let release = Release(
        id: Sample.release(2), label: "v2", createdAt: Sample.moment,
        services: [Sample.api, Sample.web])
    private static let holder = LockHolder(
        pid: 1, since: Sample.moment, verb: "deploy", release: nil)
    private static let ended = Container.State.exited(code: 0, outOfMemory: false)

    @Test("A colour whose replicas all are healthy is well")
    func healthy() {
        let condition = condition()
        #expect(condition.verdict == .well)
        #expect(condition.replicas.map(\.container.replica.description) == ["api-1", "web-1"])
        #expect(condition.label(of: Sample.release(2)) == "v2")
        #expect(condition.since == Sample.moment + .seconds(12))
    }

    @Test("One replica that fails its probe makes the active colour unhealthy")
    func unhealthy() {
        #expect(
            condition(health: ["web": .unhealthy(.probe(.status(503)))]).verdict == .unhealthy)
    }

    @Test("A replica that is not there makes the active colour unhealthy")
    func missing() {
        let condition = condition(containers: [Self.container("web", Self.blue)])
        #expect(condition.missing == [Replica(service: "api", index: 1)])
        #expect(condition.verdict == .unhealthy)
    }

    @Test("The memory of the other colour does not count")
    func otherColour() {
        let stopped = Self.container("web", Self.green, .exited(code: 1, outOfMemory: false))
        let condition = condition(containers: Self.running + [stopped])
        #expect(condition.verdict == .well)
        #expect(condition.situation.idle == Self.green)
    }

    @Test("A singleton waits in the idle colour and must run in the active one")
    func singleton() {
        let own = Self.container("worker", Self.blue, role: .singleton)
        let other = Self.container("worker", Self.green, Self.ended, role: .singleton)
        #expect(condition(containers: Self.running + [own, other]).verdict == .well)
        let stopped = Self.container("worker", Self.blue, Self.ended, role: .singleton)
        let ill = ["worker": ReplicaHealth.unhealthy(.notRunning(Self.ended))]
        #expect(
            condition(containers: Self.running + [stopped], health: ill).verdict == .unhealthy)
        // Under way, and past the switch, it still runs in the colour that traffic left.
        var deployment = Sample.deployment(previous: Self.green)
        while !deployment.isPastSwitch, deployment.next(at: Sample.moment).step != nil {
            deployment.record(.done, at: Sample.moment)
        }
        let underWay = condition(
            containers: Self.running + [stopped], deployments: [deployment], health: ill,
            holder: Self.holder)
        #expect(underWay.verdict == .well)
        #expect(underWay.replicas.contains { $0.health == .waiting })
        // One that was started by this deployment has been handed over, and has failed.
        let died = Self.container(
            "worker", Self.blue, Self.ended, role: .singleton,
            startedAt: Sample.moment + .seconds(1))
        let handedOver = condition(
            containers: Self.running + [died], deployments: [deployment], health: ill,
            holder: Self.holder)
        #expect(handedOver.verdict == .unhealthy)
        #expect(condition(containers: Self.running + [own, other]).situation.warm.isEmpty)
    }

    @Test("A singleton that runs in both colours is a disagreement")
    func doubleSingleton() {
        let both = [Self.blue, Self.green].map { Self.container("worker", $0, role: .singleton) }
        let condition = condition(containers: Self.running + both)
        #expect(condition.verdict == .unknown)
        #expect(condition.disagreements == [.runsTwice(service: "worker")])
    }

    @Test("One release's word makes a service run once: internal here and a singleton there")
    func onceByEitherWord() {
        let own = Self.container("worker", Self.blue, role: .singleton)
        let other = Self.container("worker", Self.green, role: .internal)
        #expect(
            condition(containers: Self.running + [own, other]).disagreements
                == [.runsTwice(service: "worker")])
        let stopped = Self.container("worker", Self.green, Self.ended, role: .internal)
        #expect(condition(containers: Self.running + [own, stopped]).verdict == .well)
        // An exposed service is up in both, whatever the other release says of it.
        let exposed = Self.container("worker", Self.green, role: .exposed)
        #expect(condition(containers: Self.running + [own, exposed]).disagreements == [])
    }

    @Test("A lost network makes an app unhealthy; a stranger is told and does not")
    func disturbances() {
        var findings = Condition.Findings()
        findings.disturbances = [.stranger(Obstacle("mine is in the way."))]
        let situation = condition().situation
        findings.health = ["api": .healthy, "web": .healthy]
        let disturbed = Condition(situation, findings)
        #expect(disturbed.strangers == ["mine is in the way."])
        #expect(disturbed.verdict == .well)
        findings.disturbances.append(.offNetwork(container: "db", network: "shop-blue"))
        #expect(Condition(situation, findings).verdict == .unhealthy)
        #expect(Condition(situation, findings).strangers.count == 1)
    }

    @Test("A replica whose check by Docker has not passed yet since its start is not unhealthy")
    func starting() async throws {
        let check = HealthCheck(method: .docker)
        let service = PlannedService(name: "web", role: .shared, healthCheck: check)
        for (health, expected) in [
            (Health.starting, ReplicaHealth.starting),
            (.unhealthy, .unhealthy(.probe(.reported(.unhealthy, output: nil)))),
        ] {
            let container = Container(
                id: "1", name: "web", replica: Replica(service: "web", index: 1), role: .shared,
                placement: nil, state: .running, health: health, address: "10.213.6.10")
            let ports = ScriptedHost { _ in }.ports
            let found = try await ReplicaHealth.look(at: [container], [service], ports)
            #expect(found["1"] == expected)
        }
    }

    @Test("A link to a colour without running containers is a disagreement")
    func noContainers() {
        #expect(condition(containers: []).disagreements == [.nothingRuns(.blue)])
    }

    @Test("A link against the history is a disagreement")
    func otherLink() {
        let condition = condition(
            live: .green, containers: Self.running + [Self.container("web", Self.green)])
        #expect(condition.verdict == .unknown)
        #expect(condition.disagreements == [.otherActive(history: Self.blue, found: Self.green)])
        #expect(self.condition(live: nil).disagreements == [.noLink(history: .blue)])
        let shared = Container(
            id: "db", name: "db", replica: Replica(service: "db", index: 1), role: .shared,
            placement: nil, state: .running, address: nil)
        for left in [[], [shared]] {
            #expect(
                self.condition(live: nil, containers: left).disagreements
                    == [.halfDown(history: .blue)])
        }
    }

    @Test("Workers that do not route to the link's colour are a disagreement")
    func routing() {
        let condition = condition(routing: "nginx answers otherwise")
        #expect(condition.disagreements == [.routing("nginx answers otherwise")])
        #expect(condition.verdict == .unknown)
    }

    @Test("A set that did not come back whole is judged by its replicas, not by how that ended")
    func impaired() {
        let deployments = [Self.impaired, Self.promoted]
        #expect(condition(deployments: deployments).verdict == .well)
        let ill = condition(
            deployments: deployments, health: ["web": .unhealthy(.notRunning(.created))])
        #expect(ill.verdict == .unhealthy)
    }

    @Test("While a deployment is under way, a link that is ahead of the history is none")
    func underWay() {
        let condition = condition(
            live: .green, containers: [Self.container("web", Self.green)],
            deployments: [Sample.deployment(previous: Self.blue), Self.promoted])
        #expect(condition.disagreements.isEmpty)
        #expect(condition.unfinished?.number == 1)
    }

    @Test("A deployment whose run is gone is work left undone; one that is carried is none")
    func abandoned() {
        let deployments = [Sample.deployment(previous: Self.blue), Self.promoted]
        #expect(condition(deployments: deployments).verdict == .owing)
        #expect(condition(deployments: deployments, holder: Self.holder).verdict == .well)
    }

    @Test("Before the first deployment nothing is wrong")
    func nothing() {
        #expect(condition(live: nil, containers: [], deployments: []).verdict == .well)
    }

    @Test("An app is observed by its link, its workers, its containers, its lock and its room")
    func observes() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [Self.running + [Self.container("worker", Self.blue, Self.ended)]]
            $0.store.deployments = [Self.promoted]
            $0.store.releases = [Self.release]
            $0.probes = [.failed(.status(503))]
            $0.router.confirmError = "the workers say green"
            $0.engine.memoryError = "no cgroup"
        }
        let condition = try await Condition.observe(host.ports, reserve: .zero) { Self.holder }
        #expect(
            condition.replicas.map(\.health) == [
                .unchecked, .unhealthy(.probe(.status(503))), .done,
            ])
        #expect(condition.disagreements == [.routing("the workers say green")])
        #expect(condition.findings.holder == Self.holder)
        guard case .unseen("no cgroup") = condition.findings.room else {
            Issue.record("the room was seen")
            return
        }
    }

    @Test("After an aborted first deploy the shared services that it started are looked at")
    func abortedFirst() async throws {
        let db = Container(
            id: "db", name: "shop-db-1", replica: Replica(service: "db", index: 1), role: .shared,
            placement: nil, state: .running, address: "10.213.5.20")
        let planned = PlannedService(
            name: "db", role: .shared, healthCheck: HealthCheck(method: .tcp(port: 5432)))
        let first = Self.run(of: [planned, Sample.web]) { step in
            if case .awaitUp(let replica, _) = step, replica.service == Sample.web {
                .failed(Failure(.step(phase: "test"), "Ill."))
            } else {
                .done
            }
        }
        #expect(first.outcome == .aborted)
        let host = ScriptedHost {
            $0.engine.looks = [[db]]
            $0.store.deployments = [first]
            $0.router.live = nil
            $0.probes = [.failed(.status(503))]
        }
        let condition = try await Condition.observe(host.ports, reserve: .zero) { nil }
        #expect(condition.replicas.map(\.health) == [.unhealthy(.probe(.status(503)))])
    }

    @Test("A history that cannot be read silences nothing of what the link and the engine know")
    func damagedHistory() async throws {
        struct Damage: Error, CustomStringConvertible {
            let description = "The history in /x is damaged."
        }
        let host = ScriptedHost { $0.engine.looks = [Self.running] }
        let history = ReadableHistory { throw Damage() }
        let condition = try await Condition.observe(
            host.ports(history), reserve: .zero, history: history
        ) { nil }
        #expect(condition.situation.live == .blue)
        #expect(condition.situation.active == Self.blue)
        #expect(condition.replicas.map(\.health) == [.unchecked, .unchecked])
        #expect(condition.disagreements == [.unreadableHistory("The history in /x is damaged.")])
        #expect(condition.verdict == .unknown)
    }

    @Test("Of a history with one record that cannot be read, the rest is known")
    func damagedRecord() async throws {
        struct Damaged: DeploymentStore {
            let store: any DeploymentStore
            func deployments(limit: Int) async throws -> [Deployment] {
                throw ScriptedHost.Refusal(description: "deployment 7 cannot be read")
            }
            func releases() async throws -> [Release] { try await store.releases() }
            func memoryUses() async throws -> [String: MemoryUse] { [:] }
            func save(_ deployment: Deployment) async throws {}
            func save(_ release: Release) async throws {}
            func deleteRelease(_ id: ReleaseID) async throws {}
            func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {}
        }
        let host = ScriptedHost {
            $0.engine.looks = [Self.running]
            $0.store.releases = [Self.release]
        }
        let history = ReadableHistory { Damaged(store: host) }
        let condition = try await Condition.observe(
            host.ports(history), reserve: .zero, history: history
        ) { nil }
        #expect(condition.label(of: Sample.release(2)) == "v2")
        #expect(condition.replicas.map(\.health) == [.unchecked, .healthy])
        #expect(condition.disagreements == [.unreadableHistory("deployment 7 cannot be read")])
    }

    @Test("A history that was deleted while containers run is a disagreement")
    func deletedHistory() {
        #expect(condition(deployments: []).disagreements == [.noHistory])
        #expect(condition(live: nil, deployments: []).disagreements == [.noHistory])
        #expect(condition(deployments: []).verdict == .unknown)
        let shared = Container(
            id: "db", name: "shop-db-1", replica: Replica(service: "db", index: 1), role: .shared,
            placement: nil, state: .running)
        #expect(condition(live: nil, containers: [shared], deployments: []).disagreements.isEmpty)
    }

    @Test("In a canary the workers are asked for the share that the link names")
    func observesCanary() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [Self.running]
            $0.store.deployments = [Self.promoted]
            $0.store.releases = [Self.release]
            $0.router.canary = Share(percent: 10)
        }
        let condition = try await Condition.observe(host.ports, reserve: .zero) { nil }
        #expect(condition.verdict == .well)
        #expect(host.calls == ["confirm 10% to green"])
    }

    @Test("A cancelled observation ends as one")
    func cancelled() async {
        let host = ScriptedHost { $0.engine.looks = [Self.running] }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await Condition.observe(host.ports, reserve: .zero) { nil }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    private static let promoted = run { _ in .done }

    /// Made room, failed, and could not bring the exposed service of before back.
    private static let impaired = run(room: .stopFirst) { step in
        switch step {
        case .checkRoom:
            .noRoom(
                RoomReport(
                    needs: [RoomNeed(Sample.web, seen: nil)], memoryAvailable: .mebibytes(100),
                    heldByPrevious: .mebibytes(500)))
        case .awaitUp(let container, _) where container.service.role == .exposed:
            .failed(Failure(.step(phase: "test"), "Ill."))
        default: .done
        }
    }

    /// A deployment to blue that ended within 12 s.
    private static func run(
        of services: [PlannedService] = [Sample.api, Sample.web], room: RoomPolicy = .refuse,
        _ result: (Step) -> StepResult
    ) -> Deployment {
        var deployment = Deployment(
            Order(
                number: 1, kind: .deploy, candidate: blue, label: nil,
                previous: room == .refuse ? nil : green, services: services,
                previousServices: services, settings: DeploymentSettings(room: room)),
            at: Sample.moment)
        let end = Sample.moment + .seconds(12)
        while let step = deployment.next(at: end).step {
            deployment.record(result(step), at: end)
        }
        return deployment
    }

    private static let running = [container("api", blue), container("web", blue)]

    private static func container(
        _ service: String, _ placement: Placement, _ state: Container.State = .running,
        role: ServiceRole? = nil, startedAt: Timestamp? = nil
    ) -> Container {
        Container(
            id: "\(service) \(placement.colour)", name: "shop-\(placement.colour)-\(service)-1",
            replica: Replica(service: service, index: 1),
            role: role ?? (service == "web" ? .exposed : .internal), placement: placement,
            state: state, startedAt: startedAt, address: "10.213.5.10")
    }

    private func condition(
        live: Colour? = .blue, containers: [Container] = running,
        deployments: [Deployment] = [promoted], health: [String: ReplicaHealth] = [:],
        routing: String? = nil, holder: LockHolder? = nil
    ) -> Condition {
        var findings = Condition.Findings(routing: routing)
        findings.holder = holder
        for container in containers {
            findings.health[container.id] = health[container.replica.service] ?? .healthy
        }
        return Condition(
            Situation(
                live: live, containers: containers, deployments: deployments,
                releases: [Self.release]), findings)
    }
}
