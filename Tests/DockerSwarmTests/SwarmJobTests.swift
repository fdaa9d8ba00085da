import BlueGreen
import DockerEngine
import Orchestration
import TestSupport
import Testing

@testable import DockerSwarm

/// With values as Docker 20.10 answers them about a job: its tasks have no slot, are wanted as
/// "complete", and count the job's iterations.
@Suite("A one-shot is a job of the swarm")
struct SwarmJobTests {
    private func spec(restart: String? = nil) throws -> JSONValue {
        var seed: JSONValue = ["image": "shop/seed:1"]
        seed["restart"] = restart.map(JSONValue.string)
        let web: JSONValue = [
            "image": "shop/web:1",
            "depends_on": ["seed": ["condition": "service_completed_successfully"]],
        ]
        let plan = SwarmSample.plan(["seed": seed, "web": web], SwarmSample.web)
        let planned = try #require(try plan.services.first { $0.name == "seed" })
        return plan.spec(of: planned, in: .green)
    }

    private func job(iteration: Int = 1, completions: Int = 1) throws -> SwarmService {
        var spec = try spec()
        spec["Mode"] = SwarmService.mode(isJob: true, completions)
        var answer = try SwarmSample.json(SwarmSample.service(spec))
        answer["JobStatus"] = ["JobIteration": ["Index": .integer(Int64(iteration))]]
        return SwarmService(answer)
    }

    private func task(
        _ state: String, desired: String = "complete", code: Int = 0, iteration: Int = 1,
        created: Int = 1
    ) throws -> SwarmTask {
        var task = try SwarmSample.json(
            SwarmSample.task(
                "t\(created)", desired: desired, state: state, code: code, created: created))
        task["JobIteration"] = ["Index": .integer(Int64(iteration))]
        return SwarmTask(task)
    }

    private func container(_ tasks: [SwarmTask]) throws -> Container {
        let found = ServiceSight(nodes: [], choices: SwarmSample.ports, now: Sample.moment)
            .containers(of: try job(), tasks)
        return try #require(found.first)
    }

    @Test("One of several replicas is refused: another number begins all of them anew")
    func replicas() throws {
        let services: [String: JSONValue] = [
            "seed": ["image": "shop/seed:1", "deploy": ["replicas": 2]],
            "web": [
                "image": "shop/web:1",
                "depends_on": ["seed": ["condition": "service_completed_successfully"]],
            ],
        ]
        let problems = try SwarmProblems(SwarmSample.plan(services, SwarmSample.web)).all
        #expect(problems.map(\.service) == ["seed"])
        #expect(problems.first?.message.contains("2 replicas") == true)
    }

    @Test("It is made without a task, and begun by a number of completions")
    func made() throws {
        let service = SwarmService(try SwarmSample.json(SwarmSample.service(try spec())))
        #expect(service.isJob)
        #expect(service.replicas == 0)
        let begun: JSONValue = ["ReplicatedJob": ["MaxConcurrent": 1, "TotalCompletions": 1]]
        #expect(service.scaled(to: 1)["Mode"] == begun)
    }

    @Test(
        "One that has ended well is never asked to run again",
        arguments: [
            (nil, "none"), ("no", "none"), ("on-failure:3", "on-failure"),
            ("always", "on-failure"),
        ])
    func restart(_ word: String?, _ condition: String) throws {
        let policy = try spec(restart: word)["TaskTemplate"]?["RestartPolicy"]
        #expect(policy?["Condition"]?.string == condition)
        #expect(policy?["MaxAttempts"] == (word == "on-failure:3" ? 3 : nil))
    }

    @Test("Its task tells whether it runs, has ended well, failed, or is tried again")
    func states() throws {
        #expect(try container([]).state == .created)
        #expect(try container([task("running")]).state == .running)
        #expect(try container([task("complete")]).state == .exited(code: 0, outOfMemory: false))
        let failed = try task("failed", desired: "shutdown", code: 3)
        #expect(try container([failed]).state == .exited(code: 3, outOfMemory: false))
        let next = try task("assigned", desired: "ready", created: 2)
        #expect(try container([failed, next]).state == .restarting)
    }

    @Test("What an iteration of before did is no word on this one")
    func iterations() throws {
        let before = try task("complete", iteration: 0)
        #expect(try container([before]).state == .created)
        #expect(try !job().hasEnded([before]))
    }

    @Test("One that has ended is left as it is, and one that runs or is to come is not")
    func ends() throws {
        #expect(try job().hasEnded([task("complete")]))
        #expect(try !job().hasEnded([]))
        #expect(try !job().hasEnded([task("running")]))
    }

    @Test("One that failed can be begun anew, in an iteration of its own")
    func again() throws {
        let failed = try task("failed", desired: "shutdown", code: 3)
        #expect(try job().hasFailed([failed]))
        #expect(try !job().hasFailed([failed, task("complete", created: 2)]))
        #expect(try job().begunAnew["TaskTemplate"]?["ForceUpdate"] == 1)
    }
}
