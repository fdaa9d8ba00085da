import BlueGreen
import Orchestration
import TestSupport
import Testing

@Suite("The situation of an app")
struct SituationTests {
    private let settings = DeploymentSettings()

    private func release(_ number: UInt16, label: String? = nil) -> Release {
        Release(
            id: Sample.release(number), label: label, createdAt: Sample.moment,
            services: [Sample.web])
    }

    private func promoted(
        _ number: Int, _ candidate: Placement, from previous: Placement?
    ) -> Deployment {
        var deployment = Deployment(
            Order(
                number: number, kind: .deploy, candidate: candidate, label: nil,
                previous: previous, services: [Sample.web], settings: settings),
            at: Sample.moment)
        while deployment.next(at: Sample.moment).step != nil {
            deployment.record(.done, at: Sample.moment)
        }
        return deployment
    }

    private func running(_ placement: Placement) -> Container {
        Container(
            id: "1", name: "web", replica: Replica(service: "web", index: 1), role: .exposed,
            placement: placement, state: .running)
    }

    private let first = Placement(colour: .blue, release: Sample.release(1))
    private let second = Placement(colour: .green, release: Sample.release(2))

    @Test("A look at the newest deployments goes back as far as the last that was promoted")
    func recent() async throws {
        let failed = (3...12).map { number in
            var deployment = Deployment(
                Order(
                    number: number, kind: .deploy, candidate: second, label: nil,
                    previous: first, services: [Sample.web], settings: settings),
                at: Sample.moment)
            let failure = Failure(.step(phase: "any"), "It failed.")
            while deployment.next(at: Sample.moment).step != nil {
                deployment.record(
                    deployment.failure == nil ? .failed(failure) : .done, at: Sample.moment)
            }
            return deployment
        }
        #expect(!failed.contains { $0.outcome == .promoted })
        let bringer = promoted(2, first, from: nil)
        let host = ScriptedHost {
            $0.store.deployments = failed.reversed() + [bringer, promoted(1, second, from: nil)]
        }
        #expect(try await Situation.observe(host.ports, recent: 10).deployments.count == 12)
        host.with { $0.store.deployments.insert(bringer, at: 0) }
        #expect(try await Situation.observe(host.ports, recent: 10).deployments.count == 10)
        #expect(try await Situation.observe(host.ports).deployments.count == 13)
    }

    private func situation(live: Colour?, containers: [Container]) -> Situation {
        Situation(
            live: live, containers: containers,
            deployments: [promoted(2, second, from: first), promoted(1, first, from: nil)],
            releases: [release(2, label: "v2"), release(1, label: "v1")])
    }

    @Test("A first deployment goes to blue, a later one to the colour without traffic")
    func candidate() {
        func deploy(_ release: Release, at situation: Situation) -> Order {
            situation.deploy(
                release.id, label: release.label, services: release.services, settings: settings)
        }
        let empty = Situation(live: nil, containers: [], deployments: [], releases: [])
        #expect(deploy(release(1), at: empty).candidate == first)
        let later = situation(live: .green, containers: [running(second)])
        let request = deploy(release(3), at: later)
        #expect(request.candidate.colour == .blue)
        #expect(request.previous == second)
        #expect(request.number == 3)
    }

    @Test("A rollback is warm while the previous containers run, and cold when they are gone")
    func warmth() throws {
        let warm = situation(live: .green, containers: [running(second), running(first)])
        #expect(try warm.rollback(to: nil, settings: settings).kind == .warmRollback)
        let cold = situation(live: .green, containers: [running(second)])
        let request = try cold.rollback(to: nil, settings: settings)
        #expect(request.kind == .coldRollback)
        #expect(request.candidate == first)
    }

    @Test("A release is found by label, id, or an unambiguous beginning of the id")
    func wanted() throws {
        let now = situation(live: .green, containers: [running(second)])
        for name in ["v1", Sample.release(1).text, "20261120-213406"] {
            let request = try now.rollback(to: name, settings: settings)
            #expect(request.candidate.release == Sample.release(1))
        }
    }

    @Test("An unknown release is refused with the list of the known ones")
    func unknown() {
        let now = situation(live: .green, containers: [running(second)])
        let expected = OrchestrationError.unknownRelease(
            "v9", known: ["\(Sample.release(2)) (v2)", "\(Sample.release(1)) (v1)"])
        #expect(throws: expected) { try now.rollback(to: "v9", settings: settings) }
        #expect(throws: OrchestrationError.alreadyActive(Sample.release(2))) {
            try now.rollback(to: "v2", settings: settings)
        }
    }

    @Test("With nothing deployed there is nothing to go back to")
    func nothing() {
        let empty = Situation(live: nil, containers: [], deployments: [], releases: [])
        #expect(throws: OrchestrationError.nothingDeployed) {
            try empty.rollback(to: nil, settings: settings)
        }
    }

    @Test("The history names the active release where its containers are gone")
    func activeWithoutContainers() {
        #expect(situation(live: .green, containers: []).active == second)
    }
}
