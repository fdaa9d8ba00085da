import BlueGreen
import DockerEngine
import Orchestration
import Testing

@testable import DockerSwarm

@Suite("The edges that changes wait for, and the colours that they hold")
struct EdgeRollTests {
    private static let blue = SwarmSample.state(epoch: 4, .all(.blue))
    private static let green = SwarmSample.state(epoch: 5, .all(.green))

    private func node(_ state: String = "down") throws -> SwarmNode {
        SwarmNode(try SwarmSample.json(SwarmSample.node(2, state: state)))
    }

    private func task(
        _ id: String, _ state: EdgeState, _ word: String = "running", created: Int
    ) throws -> SwarmTask {
        SwarmTask(
            try SwarmSample.json(
                try SwarmSample.task(
                    id, node: 2, desired: "shutdown", state: word, created: created,
                    environment: [try SwarmSample.variable(state)])))
    }

    private func roll(
        _ tasks: [SwarmTask], forgetting label: (key: String, value: String)? = nil
    ) throws -> EdgeRoll {
        var spec = try EdgeService(Self.blue, SwarmSample.settings, EdgeClaim()).spec
        if let label { spec["Labels"]?[label.key] = .string(label.value) }
        return EdgeRoll(
            SwarmService(try SwarmSample.json(try SwarmSample.service(spec))), tasks)
    }

    @Test("An absent edge holds the colour that it confirmed last")
    func confirmed() throws {
        let tasks = [
            try task("a", Self.blue, created: 1), try task("b", Self.green, created: 2),
        ]
        #expect(try roll(tasks).colours(of: node()) == [.green])
    }

    @Test(
        "A change that it may have begun holds both colours", arguments: ["starting", "failed"])
    func begun(_ word: String) throws {
        let tasks = [
            try task("a", Self.blue, created: 1), try task("b", Self.green, word, created: 2),
        ]
        #expect(try roll(tasks).colours(of: node()) == [.blue, .green])
    }

    @Test("An edge of which nothing is known holds both")
    func unknown() throws {
        #expect(try roll([]).colours(of: node()) == [.blue, .green])
        let failed = try task("a", Self.blue, "failed", created: 1)
        #expect(try roll([failed]).colours(of: node()) == [.blue, .green])
    }

    @Test("One that was forgotten stays so until it has come back")
    func forgotten() throws {
        let old = try task("a", Self.blue, created: 1)
        let label = try roll([old]).forgetting(try node())
        #expect(try roll([old], forgetting: label).isForgotten(node()))
        #expect(try !roll([old]).isForgotten(node()))
        // It is there.
        #expect(try !roll([old], forgetting: label).isForgotten(node("ready")))
        // It was there, and went again.
        let new = try task("b", Self.blue, created: 2)
        #expect(try !roll([old, new], forgetting: label).isForgotten(node()))
    }

    @Test("A node that never had a task can be forgotten as well")
    func never() throws {
        let label = try roll([]).forgetting(try node())
        #expect(try roll([], forgetting: label).isForgotten(node()))
    }
}
