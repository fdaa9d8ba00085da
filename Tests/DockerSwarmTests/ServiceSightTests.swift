import BlueGreen
import DockerEngine
import Orchestration
import Testing

@testable import DockerSwarm

@Suite("The containers that a service's tasks are")
struct ServiceSightTests {
    /// In seconds since the first task of a test.
    private func sight(_ seconds: Int = 0) throws -> ServiceSight {
        let nodes = try (1...2).map { SwarmNode(try SwarmSample.json(SwarmSample.node($0))) }
        let began = try #require(Timestamp(engineTime: "2026-11-27T17:42:01Z"))
        return ServiceSight(
            nodes: nodes, choices: SwarmSample.ports, now: began + .seconds(seconds))
    }

    private func service(replicas: Int, checked: Bool = false) throws -> SwarmService {
        var web: JSONValue = ["image": "shop/web:1", "deploy": ["replicas": 2]]
        if checked { web["healthcheck"] = ["test": ["CMD", "/check"]] }
        let plan = SwarmSample.plan(["web": web], SwarmSample.web)
        let planned = try #require(try plan.services.first)
        var spec = plan.spec(of: planned, in: .green)
        spec["Mode"] = ["Replicated": ["Replicas": .integer(Int64(replicas))]]
        return SwarmService(try SwarmSample.json(SwarmSample.service(spec)))
    }

    private func containers(
        _ tasks: [String], replicas: Int = 2, checked: Bool = false, after seconds: Int = 0
    ) throws -> [Container] {
        let tasks = try tasks.map { SwarmTask(try SwarmSample.json($0)) }
        return try sight(seconds).containers(
            of: try service(replicas: replicas, checked: checked), tasks)
    }

    @Test("One that runs is reached at its node and its colour's port")
    func running() throws {
        let found = try containers([
            try SwarmSample.task("a", slot: 1, node: 1),
            try SwarmSample.task("b", slot: 2, node: 2),
        ])
        #expect(found.map(\.address) == ["10.99.0.1:18082", "10.99.0.2:18082"])
        #expect(found.map(\.state) == [.running, .running])
        #expect(
            found.first?.placement == Placement(colour: .green, release: SwarmSample.release))
    }

    @Test("A service that is scaled down has its replicas, and none of them runs")
    func scaledDown() throws {
        let old = try SwarmSample.task("a", slot: 1, desired: "shutdown", state: "shutdown")
        #expect(try containers([old], replicas: 0).map(\.state) == [.created, .created])
    }

    @Test("A task that waits for its check is not up, and one that passed it is healthy")
    func health() throws {
        let found = try containers(
            [
                try SwarmSample.task("a", slot: 1),
                try SwarmSample.task("b", slot: 2, state: "starting"),
            ], checked: true)
        #expect(found.map(\.health) == [.healthy, .starting])
        #expect(found.map(\.state) == [.running, .created])
    }

    @Test("A task that the swarm cannot place says why, and has no address yet")
    func placed() throws {
        let found = try containers([
            try SwarmSample.task(
                "a", slot: 1, state: "pending", error: "no suitable node (host-mode port in use)")
        ])
        #expect(found.first?.state == .created)
        #expect(found.first?.healthOutput == "no suitable node (host-mode port in use)")
        #expect(found.first?.address == nil)
    }

    @Test("One that has found no node for a while is told as such, and one that has a node is not")
    func unplaced() throws {
        let reason = "no suitable node (insufficient resources on 3 nodes)"
        let placed = try SwarmSample.task("a", slot: 1, state: "pending", error: reason)
        let alone = placed.replacing("\"n1\"", with: "\"\"")
        #expect(try containers([alone], after: 10).first?.unplaced == nil)
        #expect(try containers([alone], after: 20).first?.unplaced == reason)
        #expect(try containers([placed], after: 20).first?.unplaced == nil)
    }

    @Test("One that fails again and again is told with the number of its failures")
    func failing() throws {
        let found = try containers([
            try SwarmSample.task(
                "a", slot: 1, desired: "shutdown", state: "failed", code: 3, created: 1),
            try SwarmSample.task(
                "b", slot: 1, desired: "shutdown", state: "rejected", created: 2),
            try SwarmSample.task("c", slot: 1, state: "pending", created: 3),
        ])
        #expect(found.first?.state == .restarting)
        #expect(found.first?.restarts == 2)
    }

    @Test("One that may not be started again has ended with its code")
    func failed() throws {
        let task = try SwarmSample.task(
            "a", slot: 1, desired: "shutdown", state: "failed", code: 3)
        #expect(try containers([task]).first?.state == .exited(code: 3, outOfMemory: false))
    }

    @Test("The present specification counts, and not the one of before beside it")
    func present() throws {
        #expect(try service(replicas: 1).name == "shop-green-web")
        #expect(try service(replicas: 1).label("teal.app") == "shop")
    }

    @Test(
        "A node is told by an address that others reach",
        arguments: [("0.0.0.0", "10.99.0.1"), ("127.0.0.1", "10.99.0.1"), ("10.1.1.1", "10.1.1.1")])
    func addresses(_ told: String, _ address: String) throws {
        let node = SwarmNode(try SwarmSample.json(SwarmSample.node(1, address: told)))
        #expect(node.address == address)
    }

    @Test("The engine's times are read to the millisecond")
    func times() {
        let time = Timestamp(engineTime: "2026-11-27T17:42:55.298720914Z")
        #expect(time?.rfc3339 == "2026-11-27T17:42:55Z")
        #expect(time.map { $0.milliseconds % 1000 } == 298)
        #expect(Timestamp(engineTime: "2024-02-29T00:00:00Z")?.rfc3339 == "2024-02-29T00:00:00Z")
        #expect(Timestamp(engineTime: "0001-01-01T00:00:00Z") == nil)
    }
}
