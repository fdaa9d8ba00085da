import BlueGreen
import DockerEngine
import Orchestration
import TestSupport
import Testing

@testable import DockerSwarm

@Suite("A singleton of a swarm runs in one colour at a time")
struct SwarmSingletonTests {
    private static let settings = SwarmSample.web.merging(
        ["worker": ServiceSettings(role: .singleton)]) { $1 }

    private static func services(_ worker: JSONValue = [:]) -> [String: JSONValue] {
        var model: JSONValue = ["image": "shop/worker:1"]
        for (key, value) in worker.object ?? [:] { model[key] = value }
        return ["web": ["image": "shop/web:1"], "worker": model]
    }

    private func node(_ number: Int, _ state: String = "ready") throws -> SwarmNode {
        SwarmNode(try SwarmSample.json(SwarmSample.node(number, state: state)))
    }

    private func task(_ id: String, node: Int, _ state: String = "running") throws -> SwarmTask {
        SwarmTask(
            try SwarmSample.json(
                SwarmSample.task(id, slot: 1, node: node, desired: "shutdown", state: state)))
    }

    private func service() throws -> SwarmService {
        let plan = SwarmSample.plan(Self.services(), Self.settings)
        let worker = try #require(try plan.services.first { $0.name == "worker" })
        return SwarmService(
            try SwarmSample.json(SwarmSample.service(plan.spec(of: worker, in: .blue))))
    }

    @Test("It is a service of its colour, made without a task")
    func made() throws {
        let service = try service()
        #expect(service.name == "shop-blue-worker")
        #expect(service.replicas == 0)
        #expect(service.label(ResourceLabel.role) == "singleton")
    }

    @Test("It may write to a volume of the node that it is pinned to: two never do at once")
    func volume() throws {
        let volume: JSONValue = ["type": "volume", "source": "queue", "target": "/queue"]
        let services = Self.services(["volumes": [volume]])
        let top: [String: JSONValue] = ["volumes": ["queue": [:]]]
        let free = SwarmSample.plan(services, Self.settings, top: top)
        let problems = try SwarmProblems(free).all
        #expect(problems.map(\.service) == ["worker"])
        #expect(problems.first?.message.contains("swarm: {pin: {worker: NODE}}") == true)
        var choices = SwarmSample.ports
        choices.pins = ["worker": "node2"]
        let pinned = SwarmSample.plan(services, Self.settings, choices, top: top)
        #expect(try SwarmProblems(pinned).all.isEmpty)
    }

    @Test("One on a node that does not answer is waited for, until the swarm holds that for down")
    func lostNode() throws {
        let tasks = [try task("a", node: 2), try task("b", node: 1, "shutdown")]
        for state in ["ready", "unknown", "disconnected"] {
            let end = SingletonEnd(tasks, [try node(1), try node(2, state)])
            #expect(end.present.map(\.id) == ["a"])
            #expect(end.names(of: [try service()]) == ["shop-blue-worker"])
        }
        let end = SingletonEnd(tasks, [try node(1), try node(2, "down")])
        #expect(end.present.isEmpty)
        let losses = end.losses(of: [try service()])
        #expect(losses.count == 1)
        #expect(losses.first?.hasPrefix("node2 is down") == true)
        #expect(losses.first?.contains("shop-blue-worker") == true)
    }

    @Test("One that came to no node yet is waited for too")
    func coming() throws {
        let pending = try SwarmSample.json(
            SwarmSample.task("a", slot: 1, desired: "shutdown", state: "pending"))
        var unplaced = pending
        unplaced["NodeID"] = ""
        let end = SingletonEnd([SwarmTask(unplaced)], [try node(1, "down")])
        #expect(end.present.count == 1)
    }

    @Test("On a node that is down it counts as ended where nobody wants it, and runs elsewhere")
    func sight() throws {
        let nodes = [try node(1), try node(2, "down")]
        let sight = ServiceSight(
            nodes: nodes, choices: SwarmSample.ports, now: Sample.moment)
        let service = try service()
        let lost = try #require(sight.containers(of: service, [task("a", node: 2)]).first)
        #expect(lost.state == .created)
        let ending = try #require(sight.containers(of: service, [task("a", node: 1)]).first)
        #expect(ending.state == .running)
    }
}
