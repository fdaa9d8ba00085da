import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

/// Somebody has moved the link by hand: green had traffic by the history, and the link names blue.
@Suite("A link that was moved by hand")
struct MovedLinkTests {
    private let blue = Placement(colour: .blue, release: Sample.release(1))
    private let green = Placement(colour: .green, release: Sample.release(2))
    private let worker = PlannedService(name: "worker", role: .singleton)
    private static let dead = Container.State.exited(code: 0, outOfMemory: false)

    private func container(
        _ placement: Placement, _ state: Container.State, of service: PlannedService = Sample.web
    ) -> Container {
        Container(
            id: "\(service.name) \(placement.colour)", name: "\(service.name)-\(placement.colour)",
            replica: Replica(service: service.name, index: 1), role: service.role,
            placement: placement, state: state, address: Self.address(of: placement.colour))
    }

    private static func address(of colour: Colour) -> String {
        colour == .blue ? "10.213.5.10" : "10.213.6.10"
    }

    private func host(
        blue state: Container.State, _ prepare: (inout ScriptedHost.Script) -> Void = { _ in }
    ) -> ScriptedHost {
        ScriptedHost { script in
            script.router.live = .blue
            script.store.deployments = [Sample.finished(.promoted, previous: blue)]
            script.store.releases = [green, blue].map { placement in
                Release(
                    id: placement.release, label: nil, createdAt: Sample.moment,
                    services: [Sample.web, worker])
            }
            script.engine.looks = [
                [
                    container(blue, state), container(green, .running),
                    container(blue, Self.dead, of: worker),
                    container(green, .running, of: worker),
                ]
            ]
            prepare(&script)
        }
    }

    private func deployer(_ host: ScriptedHost) -> AppDeployer {
        AppDeployer(host.ports, announcer: KeepingAnnouncer(), interruption: Interruption())
    }

    private func warnings(_ host: ScriptedHost) -> [String] {
        host.with { script in
            script.events.compactMap { if case .warning(let text) = $0 { text } else { nil } }
        }
    }

    @Test(
        "To a colour that does not run: status says so, and traffic goes back to the one that does")
    func dark() async throws {
        let host = host(blue: Self.dead)
        let condition = try await Condition.observe(host.ports, reserve: .zero) { nil }
        #expect(condition.disagreements.contains(.movedAway(history: .green, link: .blue)))
        #expect(try await deployer(host).takeUp().found == nil)
        #expect(host.with { $0.router.live } == .green)
        #expect(!host.calls.contains { $0.hasPrefix("stop") || $0.hasPrefix("remove") })
        #expect(warnings(host).first?.contains("Traffic is put back on green") == true)
    }

    @Test("Also after a deployment that was aborted")
    func darkAfterAbort() async throws {
        let host = host(blue: Self.dead) {
            $0.store.deployments = [Sample.finished(.aborted, previous: green)]
        }
        let condition = try await Condition.observe(host.ports, reserve: .zero) { nil }
        #expect(condition.disagreements.contains(.movedAway(history: .green, link: .blue)))
        _ = try await deployer(host).takeUp()
        #expect(host.with { $0.router.live } == .green)
    }

    @Test("A deploy removes nothing if traffic cannot be put back, or nobody can look")
    func refused() async throws {
        let stuck = host(blue: Self.dead) {
            $0.router.switchError = (.green, "The disk is broken.")
        }
        await #expect(throws: OrchestrationError.self) {
            _ = try await deployer(stuck).deploy(
                ReleaseWish(id: Sample.release(3), settings: DeploymentSettings()))
        }
        let blind = host(blue: Self.dead) { $0.engine.error = "no daemon" }
        await #expect(throws: ScriptedHost.Refusal.self) { try await deployer(blind).takeUp() }
        for host in [stuck, blind] {
            #expect(!host.calls.contains { $0.hasPrefix("stop") || $0.hasPrefix("remove") })
        }
    }

    @Test(
        "To a set that runs and fails its probes it is no move, and one failed probe is no reason",
        arguments: [
            ([ProbeResult.failed(.status(503)), .passed], Colour.blue),
            ([.failed(.status(503)), .failed(.status(503)), .failed(.status(503))], .green),
        ])
    func ill(blueProbes: [ProbeResult], live: Colour) async throws {
        let host = host(blue: .running) { script in
            script.engine.looks = [[container(blue, .running), container(green, .running)]]
            script.probesAt[Self.address(of: .blue)] = blueProbes
        }
        _ = try await deployer(host).takeUp()
        #expect(host.with { $0.router.live } == live)
    }

    @Test("One that nginx has not followed moves no visitor by the next command")
    func unfollowed() async throws {
        let host = host(blue: .running) { $0.router.workers = .green }
        #expect(try await deployer(host).takeUp().found == nil)
        #expect(host.with { $0.router.live } == .green)
    }

    @Test("To a set that serves: it is put on record, and what runs once is handed over")
    func handsOver() async throws {
        let host = host(blue: .running) { script in
            let after: [(WritableKeyPath<ScriptedEngine, [[Container]]?>, Container.State)] = [
                (\.looksAfterStop, Self.dead), (\.looksAfterStart, .running),
            ]
            for (looks, state) in after {
                script.engine[keyPath: looks] = [
                    [
                        container(blue, .running), container(green, .running),
                        container(blue, state, of: worker),
                        container(green, Self.dead, of: worker),
                    ]
                ]
            }
        }
        let taken = try await deployer(host).takeUp()
        #expect(taken.found?.candidate == blue)
        #expect(taken.done.map(\.work).contains(.singletons))
        let stop = try #require(host.calls.firstIndex { $0.hasPrefix("stop singletons of green") })
        let start = try #require(host.calls.firstIndex(of: "start worker-1"))
        #expect(stop < start)
        #expect(host.with { $0.store.deployments.first?.owed } == [])
    }

    private static let next = Placement(colour: .blue, release: Sample.release(2))

    /// The next release is deployed into blue, while others move the link.
    private func deploy(
        _ services: [PlannedService], _ settings: DeploymentSettings = DeploymentSettings(),
        moving link: Colour, at call: String, _ time: Int = 1,
        looks: [[Container]], afterStart: [[Container]]? = nil, afterMove: [[Container]]? = nil
    ) async -> (ScriptedHost, Deployment) {
        let host = host(blue: Self.dead) { script in
            script.router.live = .green
            script.store.deployments = [Sample.finished(.promoted, previous: blue)]
            script.engine.looks = looks
            script.engine.looksAfterStart = afterStart
            script.disturbance = (
                call, time,
                { script in
                    script.router.live = link
                    if let afterMove { script.engine.looks = afterMove }
                }
            )
        }
        let ended = await Orchestrator(host.ports, interruption: Interruption()).run(
            Sample.deployment(
                previous: green, services: services, previousServices: services,
                settings: settings))
        return (host, ended)
    }

    @Test(
        "To where nothing serves, in the middle of a deployment: it is put back, and that goes on")
    func midway() async throws {
        let (host, ended) = await deploy(
            [Sample.web], moving: .blue, at: "prepare blue",
            looks: [[container(green, .running), container(Self.next, Self.dead)]],
            afterStart: [[container(green, .running), container(Self.next, .running)]])
        #expect(host.calls.contains("switch green"))
        #expect(ended.outcome == .promoted)
        #expect(warnings(host).first?.contains("Traffic is put back on green") == true)
    }

    @Test("To a previous set that died, in a bake: it is put back, and the bake goes on")
    func deadPrevious() async throws {
        let both = [container(green, .running), container(Self.next, .running)]
        let (host, ended) = await deploy(
            [Sample.web], DeploymentSettings(bake: Bake(duration: .seconds(5))),
            moving: .green, at: "confirm blue", looks: [both],
            afterMove: [[container(green, Self.dead), container(Self.next, .running)]])
        #expect(ended.outcome == .promoted)
        #expect(host.with { $0.router.live } == .blue)
        #expect(warnings(host).contains { $0.contains("Traffic is put back on blue") })
    }

    @Test("A link that is lost while a step takes its time is put back beside it")
    func besideStep() async throws {
        let host = host(blue: .running) { script in
            script.router.live = .green
            script.router.lost = .lost(LostLink(path: "/nginx/shop/live", .missing))
        }
        let began = host.now
        let deployment = Sample.deployment(previous: green, services: [Sample.web])
        let result = await LinkGuard(host.ports, deployment).beside {
            do {
                try await host.sleep(until: began + .seconds(30))
                return .done
            } catch { return .interrupted(signal: "TERM") }
        }
        #expect(result == .done)
        #expect(host.calls.first == "put back green")
        #expect(host.now == began + .seconds(30))
    }

    @Test("What runs once is not handed over to a candidate that others took traffic from")
    func keepsSingletons() async throws {
        let (host, ended) = await deploy(
            [Sample.web, worker], moving: .green, at: "confirm blue", 2,
            looks: [
                [
                    container(green, .running), container(Self.next, .running),
                    container(green, .running, of: worker),
                ]
            ])
        #expect(ended.failure?.cause == .overtaken)
        #expect(!host.calls.contains { $0.hasPrefix("stop singletons of green") })
        #expect(host.with { $0.router.live } == .green)
    }

    @Test("A restart starts no singleton that runs in the other colour")
    func restart() async throws {
        let host = host(blue: .running)
        await #expect(
            throws: OrchestrationError.singletonElsewhere(service: "worker", .green)
        ) {
            _ = try await ServiceRestart(host.ports, interruption: Interruption()).run("worker")
        }
        #expect(!host.calls.contains { $0.hasPrefix("restart") })
    }
}
