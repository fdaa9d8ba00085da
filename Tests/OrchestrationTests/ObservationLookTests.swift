import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("A look at a candidate with traffic")
struct ObservationLookTests {
    private func look(
        _ stage: ObservationStage = .bake, _ prepare: (inout ScriptedHost.Script) -> Void
    ) async throws -> Observation {
        let host = ScriptedHost {
            $0.now = Sample.moment + .seconds(1)
            $0.router.live = stage == .bake ? .green : .blue
            if case .canary(let share) = stage { $0.router.canary = share }
            $0.engine.looks = [WatchedSet.containers()]
            prepare(&$0)
        }
        return try await look(host.ports, stage)
    }

    private func look(
        _ ports: Ports, _ stage: ObservationStage = .bake
    ) async throws -> Observation {
        try await ObservationLook(ports).look(
            at: WatchedSet.deployment(), stage: stage, since: Sample.moment)
    }

    @Test("A set that does well has figures of both colours and nothing else")
    func good() async throws {
        let blue = RequestFigures(requests: 90, errors: 0)
        let green = RequestFigures(requests: 10, errors: 1)
        let observation = try await look(.canary(Share(percent: 10))) {
            $0.observer.figures = [[.blue: blue, .green: green]]
        }
        #expect(observation == Observation(candidate: green, previous: blue))
    }

    @Test("A link that somebody moves away is a trouble of the candidate")
    func moved() async throws {
        let baking = try await look { $0.router.live = .blue }
        #expect(baking.trouble?.cause == .overtaken)
        let canary = try await look(.canary(Share(percent: 10))) { $0.router.live = .green }
        #expect(canary.trouble?.cause == .overtaken)
        let unshared = try await look(.canary(Share(percent: 10))) { $0.router.canary = nil }
        #expect(unshared.trouble?.cause == .overtaken)
        let lost = try await look {
            $0.router.lost = .lost(LostLink(path: "/nginx/shop/live", .missing))
        }
        #expect(lost.trouble == nil)
    }

    @Test("An engine that takes its time leaves no figures of before it, and keeps no bad release")
    func slowEngine() async throws {
        let good = RequestFigures(requests: 0, errors: 0)
        let bad = RequestFigures(requests: 100, errors: 50)
        for error in [nil, "Docker does not answer."] {
            let observation = try await look {
                $0.engine.delay = .seconds(10)
                $0.engine.error = error
                $0.observer.figures = [[.green: good], [.green: bad]]
            }
            #expect(observation.candidate == bad)
        }
    }

    @Test("A colour that had no request has figures of none")
    func noRequests() async throws {
        let observation = try await look { $0.observer.figures = [[:]] }
        #expect(observation == Observation(candidate: RequestFigures.none, previous: .some(.none)))
    }

    @Test(
        "Before the candidate has traffic the previous colour's figures are all that is looked at")
    func before() async throws {
        let blue = RequestFigures(requests: 90, errors: 0)
        let observation = try await look(.before) {
            $0.observer.figures = [[.blue: blue, .green: .none]]
            $0.engine.looks = [[]]
            $0.engine.endings = [[WatchedSet.ending("web", 1)]]
        }
        #expect(observation == Observation(previous: blue))
    }

    @Test("Figures that cannot be read are a warning, and the containers are looked at")
    func noFigures() async throws {
        let observation = try await look {
            $0.observer.error = "no log"
            $0.engine.looks = [WatchedSet.containers(without: "api")]
        }
        #expect(observation.candidate == nil && observation.previous == nil)
        #expect(observation.warnings == ["What nginx answered could not be read: no log"])
        #expect(observation.trouble?.message == "green api-1 is gone: it has no container.")
    }

    @Test("An engine that does not answer is a warning, once for each thing that is not known")
    func engine() async throws {
        let silent = try await look { $0.engine.error = "no daemon" }
        #expect(silent.trouble == nil)
        #expect(silent.candidate == RequestFigures.none)
        #expect(silent.warnings == ["How the containers of green do is not known: no daemon"])
        let forgetful = try await look {
            $0.engine.endingsError = "forbidden"
            $0.engine.looks = [WatchedSet.containers(without: "api")]
        }
        #expect(
            forgetful.warnings.first == "Which containers of green ended is not known: forbidden")
        #expect(forgetful.trouble?.cause == .unhealthy(Replica(service: "api", index: 1)))
    }

    @Test("A part of the site whose answers are not counted is told once, and with the outcome")
    func unseen() async {
        let before = Placement(colour: .blue, release: Sample.release(1))
        let candidate = Placement(colour: .green, release: Sample.release(2))
        let host = ScriptedHost { script in
            script.engine.looks = [
                [
                    Container(
                        id: "web", name: "web", replica: Replica(service: "web", index: 1),
                        role: .internal, placement: candidate, state: .running,
                        address: "10.213.6.10")
                ]
            ]
            script.observer.unseen = ["The access_log at F:3 is the only one of its location."]
        }
        let settings = DeploymentSettings(bake: Bake(duration: .seconds(5)))
        let ended = await Orchestrator(host.ports, interruption: Interruption())
            .run(Sample.deployment(previous: before, services: [Sample.web], settings: settings))
        #expect(ended.outcome == .promoted)
        let told = ended.warnings.filter { $0.message.hasPrefix("The access_log at F:3") }
        #expect(told.count == 1)
    }

    @Test("A cancelled look ends as one")
    func cancelled() async throws {
        let host = ScriptedHost {
            $0.engine.looks = [WatchedSet.containers()]
            $0.probes = [.failed(.refused(port: 8080))]
        }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await look(host.ports)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("The last lines of what answers requests are there for a breach by figures")
    func lines() async throws {
        let host = ScriptedHost { $0.engine.looks = [WatchedSet.containers()] }
        let deployment = WatchedSet.deployment()
        let look = ObservationLook(host.ports)
        #expect(try await look.logLines(of: deployment) == ["the last line of web-1"])
        host.with { $0.engine.error = "no daemon" }
        #expect(try await look.logLines(of: deployment) == [])
    }
}
