import BlueGreen
import Orchestration
import TestSupport
import Testing

/// The history says green, and traffic is on blue: as after a rollback on a full disk.
@Suite("A move of traffic that no record tells of")
struct UnrecordedMoveTests {
    private let active = Placement(colour: .blue, release: Sample.release(1))
    private let last = Placement(colour: .green, release: Sample.release(2))

    private func container(_ placement: Placement) -> Container {
        Container(
            id: "\(placement)", name: "web", replica: Replica(service: "web", index: 1),
            role: .exposed, placement: placement, state: .running, address: "10.213.6.10")
    }

    private func host(_ prepare: (inout ScriptedHost.Script) -> Void = { _ in }) -> ScriptedHost {
        ScriptedHost { script in
            script.store.deployments = [Sample.finished(.promoted, previous: active)]
            script.store.releases = [last, active].map { placement in
                Release(
                    id: placement.release, label: nil, createdAt: Sample.moment,
                    services: [Sample.web])
            }
            script.engine.looks = [[container(active), container(last)]]
            prepare(&script)
        }
    }

    private func deployer(_ host: ScriptedHost) -> AppDeployer {
        AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption())
    }

    private func promoted(
        _ number: Int, _ candidate: Placement, from previous: Placement
    ) -> Deployment {
        Deployment(
            found: Order(
                number: number, kind: .deploy, candidate: candidate, label: nil,
                previous: previous, services: [Sample.web], settings: DeploymentSettings()),
            at: Sample.moment)
    }

    private func status(_ host: ScriptedHost) async throws -> [Disagreement] {
        try await Condition.observe(host.ports, reserve: .zero) { nil }.disagreements
    }

    @Test("It is put on record by the next command that writes, and then history and link agree")
    func recorded() async throws {
        let host = host()
        #expect(try await status(host) == [.otherActive(history: last, found: active)])
        let found = try #require(try await deployer(host).takeUp().found)
        #expect(found.number == 2 && found.outcome == .promoted)
        #expect(found.candidate == active && found.previous == last)
        #expect(host.with { $0.store.deployments.first?.number } == 2)
        #expect(host.with { $0.store.deployments.first?.owed } == [])
        #expect(try await status(host) == [])
        #expect(try await deployer(host).takeUp().found == nil)
        #expect(!host.calls.contains { $0.hasPrefix("stop") || $0.hasPrefix("switch") })
    }

    @Test("Maintenance and a restart put it on record as well, so that a lost link goes back there")
    func adopted() async throws {
        for isRestart in [false, true] {
            let host = host()
            if isRestart {
                _ = try await ServiceRestart(host.ports, interruption: Interruption()).run("web")
            } else {
                _ = try await AppDeployer.maintain(.off, by: host, mending: { host.ports })
            }
            let newest = try #require(host.with { $0.store.deployments.first })
            #expect(newest.candidate == active && newest.outcome == .promoted)
            let lost = LostLink(path: "/nginx/shop/live", .missing)
            let evidence = LinkEvidence(
                lost, host.with { $0.store.deployments }, [container(active), container(last)])
            #expect(evidence.verdict == .had(.blue))
        }
    }

    @Test("Without proof it stays off the record, and nothing is stopped for it", arguments: 0..<4)
    func unproved(_ lack: Int) async throws {
        let host = host { script in
            switch lack {
            case 0: script.router.confirmError = "nginx does not answer."
            case 1: script.engine.looks = [[container(last)]]
            case 2: script.router.canary = Share(percent: 10)
            default: script.store.saveError = { _ in "The disk is full." }
            }
        }
        #expect(try await deployer(host).takeUp().found == nil)
        #expect(host.with { $0.store.deployments.map(\.number) } == [1])
    }

    @Test("An older deployment whose end is not on record is ended by where the newer one began")
    func overtaken() async throws {
        for isPromoted in [true, false] {
            // The run of number 1 went on without a record; number 2 found traffic as it left it.
            let older = Sample.deployment(previous: active, services: [Sample.web])
            let newest = promoted(
                2, isPromoted ? active : older.candidate,
                from: isPromoted ? older.candidate : active)
            let host = host { script in
                script.router.live = newest.candidate.colour
                script.store.deployments = [newest, older]
                script.engine.looks = [[container(active), container(older.candidate)]]
            }
            let before = try await Condition.observe(host.ports, reserve: .zero) { nil }
            #expect(before.unfinished == nil)
            _ = try await deployer(host).takeUp()
            let ended = host.with { $0.store.deployments.first { $0.number == 1 } }
            #expect(ended?.outcome == (isPromoted ? .promoted : .aborted))
        }
    }

    @Test(
        "A rollback goes to the release that had traffic last, whether or not there is room by now",
        arguments: [true, false])
    func rollsBack(hasRoom: Bool) async throws {
        // Blue had release 2 from release 1 in green, where release 5 came then.
        let older = Placement(colour: .green, release: Sample.release(1))
        let active = Placement(colour: .blue, release: Sample.release(2))
        let last = Placement(colour: .green, release: Sample.release(5))
        let bringer = promoted(1, active, from: older)
        let newest = promoted(2, last, from: active)
        let host = ScriptedHost { script in
            script.store.deployments = [newest, bringer]
            script.store.releases = [older, active, last].map {
                Release(
                    id: $0.release, label: nil, createdAt: Sample.moment, services: [Sample.web])
            }
            script.engine.looks = [[container(active), container(last)]]
            if !hasRoom { script.store.saveError = { _ in "The disk is full." } }
        }
        let ended = try await deployer(host).rollBack(to: nil, settings: DeploymentSettings())
        #expect(ended.candidate == last && ended.outcome == .promoted)
        #expect(host.with { $0.router.live } == .green)
    }

    /// Release 3 came into blue from release 2 in green. Back to 2, and from there to 1, which is
    /// in blue now.
    @Test(
        "After two moves into one colour a rollback goes where the last one came from",
        arguments: [true, false])
    func twoMoves(hasRoom: Bool) async throws {
        let places = [(1, Colour.blue), (2, .green), (3, .blue)].map {
            Placement(colour: $1, release: Sample.release($0))
        }
        let (active, last, newest) = (places[0], places[1], places[2])
        let records = [promoted(3, newest, from: last), promoted(2, last, from: active)]
        let host = ScriptedHost { script in
            script.store.deployments = records
            script.store.releases = places.reversed().map {
                Release(
                    id: $0.release, label: nil, createdAt: Sample.moment, services: [Sample.web])
            }
            script.router.live = .blue
            script.engine.looks = [[container(active), container(last)]]
            if !hasRoom { script.store.saveError = { _ in "The disk is full." } }
        }
        #expect(try await status(host) == [.otherActive(history: newest, found: active)])
        let back = try await Situation.observe(host.ports)
            .rollback(to: nil, settings: DeploymentSettings())
        #expect(back.candidate == last && back.kind == .warmRollback)
        let found = try await deployer(host).takeUp().found
        #expect(found?.candidate == (hasRoom ? active : nil))
        #expect(found?.previous == (hasRoom ? last : nil))
        #expect(try await status(host).isEmpty == hasRoom)
    }

    /// A deploy of release 3 into green found the disk full. A person went on to release 1 there.
    @Test(
        "What a person moved after a deploy that could not be written down stays where it is",
        arguments: [Recovery.Waiting.leave, .answer(.promote), .answer(.abort(reason: "No."))])
    func keepsTheMove(_ answer: Recovery.Waiting) async throws {
        let serving = Placement(colour: .blue, release: Sample.release(2))
        let chosen = Placement(colour: .green, release: Sample.release(1))
        let cutOff = Deployment(
            Order(
                number: 2, kind: .deploy,
                candidate: Placement(colour: .green, release: Sample.release(3)), label: nil,
                previous: serving, services: [Sample.web], settings: DeploymentSettings()),
            at: Sample.moment)
        let host = ScriptedHost { script in
            script.store.deployments = [cutOff, promoted(1, serving, from: chosen)]
            script.store.releases = [serving, chosen].map {
                Release(
                    id: $0.release, label: nil, createdAt: Sample.moment, services: [Sample.web])
            }
            script.router.live = .green
            script.engine.looks = [[container(chosen), container(serving)]]
        }
        let taken = try await deployer(host).takeUp(answer)
        #expect(taken.deployment?.outcome == .aborted)
        #expect(taken.found?.candidate == chosen && taken.found?.previous == serving)
        #expect(host.with { $0.router.live } == .green)
        #expect(!host.calls.contains { $0.hasPrefix("stop") || $0.hasPrefix("switch") })
    }
}
