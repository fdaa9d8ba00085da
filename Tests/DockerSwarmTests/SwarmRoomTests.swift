import BlueGreen
import DockerEngine
import Orchestration
import TestSupport
import Testing

@testable import DockerSwarm

@Suite("The room of a swarm's nodes for a release")
struct SwarmRoomTests {
    private static let candidate = Placement(colour: .green, release: Sample.release(2))
    private static let previous = Placement(colour: .blue, release: Sample.release(1))

    private func node(
        _ number: Int, availability: String = "active", memory: Int64 = 4_194_304_000,
        zone: String = "west"
    ) throws -> SwarmNode {
        var node = try SwarmSample.json(SwarmSample.node(number, availability: availability))
        node["Description"]?["Resources"] = ["MemoryBytes": .integer(memory)]
        node["Spec"]?["Labels"] = ["zone": .string(zone)]
        return SwarmNode(node)
    }

    private func service(
        _ id: String, _ name: String, at placement: Placement?, _ role: String = "internal"
    ) -> SwarmService {
        var labels: JSONValue = ["teal.service": .string(name), "teal.role": .string(role)]
        if let placement {
            labels["teal.colour"] = .string(placement.colour.rawValue)
            labels["teal.release"] = .string(placement.release.text)
        }
        let full = SwarmPlan.name("shop", placement?.colour, name)
        return SwarmService(["ID": .string(id), "Spec": ["Name": .string(full), "Labels": labels]])
    }

    private func task(_ id: String, of service: String, node: Int, reserving: Int64 = 0) throws
        -> SwarmTask
    {
        var task = try SwarmSample.json(SwarmSample.task(id, service: service, node: node))
        task["Spec"]?["Resources"] = ["Reservations": ["MemoryBytes": .integer(reserving)]]
        return SwarmTask(task)
    }

    private static func memory(_ key: String, _ megabytes: Int64) -> JSONValue {
        let amount: JSONValue = ["memory": .integer(megabytes * 1_048_576)]
        return ["resources": .object([key: amount])]
    }

    private func room(
        _ services: [String: JSONValue], _ settings: [String: ServiceSettings] = SwarmSample.web,
        _ choices: SwarmChoices = SwarmSample.ports, running: [SwarmService] = [],
        tasks: [SwarmTask] = [], replies: [String: NodeReply] = [:],
        seen: [String: MemoryUse] = [:]
    ) throws -> NodesRoom {
        let nodes = [
            try node(1), try node(2, zone: "east"), try node(3, availability: "drain"),
        ]
        let room = SwarmRoom(
            plan: SwarmSample.plan(services, settings, choices), nodes: nodes, services: running,
            tasks: tasks, replies: replies)
        return try room.report(
            RoomQuestion(
                candidate: Self.candidate, previous: Self.previous, seen: seen, reserve: .zero))
    }

    @Test("A reservation comes before a limit, and a limit before what was seen")
    func sources() throws {
        let services: [String: JSONValue] = [
            "web": ["deploy": Self.memory("reservations", 300)],
            "cache": ["mem_limit": .integer(209_715_200)], "mail": [:], "other": [:],
            "tail": [:],
        ]
        let found = try room(
            services, running: [service("s1", "mail", at: Self.previous)],
            tasks: [try task("t1", of: "s1", node: 1)],
            replies: ["n1": NodeReply(held: ["t1": .mebibytes(80)])],
            seen: ["mail": MemoryUse(held: .mebibytes(9)), "tail": MemoryUse(held: .mebibytes(7))])
        let needs = Dictionary(uniqueKeysWithValues: found.needs.map { ($0.service, $0) })
        #expect(needs["web"]?.each == .mebibytes(300))
        #expect(needs["web"]?.source == .reserved)
        #expect(needs["web"]?.reserved == .mebibytes(300))
        #expect(needs["cache"]?.each == .mebibytes(200))
        #expect(needs["cache"]?.source == .declared)
        #expect(needs["mail"]?.each == .mebibytes(80))
        #expect(needs["mail"]?.source == .seen)
        #expect(needs["tail"]?.each == .mebibytes(7))
        #expect(needs["other"]?.each == nil)
    }

    @Test("A service goes where its pin and its constraints let it, and to no drained node")
    func places() throws {
        func places(_ constraint: String?, pin: String? = nil) throws -> Set<String>? {
            let deploy: JSONValue =
                constraint.map {
                    ["placement": ["constraints": [.string($0)]]]
                } ?? [:]
            var choices = SwarmSample.ports
            if let pin { choices.pins = ["web": pin] }
            return try room(["web": ["deploy": deploy]], SwarmSample.web, choices)
                .needs.first?.nodes
        }
        #expect(try places(nil) == ["node1", "node2"])
        #expect(try places("node.labels.zone == east") == ["node2"])
        #expect(try places("node.labels.zone!=east") == ["node1"])
        #expect(try places("node.labels.disk==ssd") == [])
        #expect(try places("node.labels.disk!=ssd") == ["node1", "node2"])
        #expect(try places("node.role==Manager") == ["node1", "node2"])
        #expect(try places("node.hostname==node3") == [])
        #expect(try places("node.unheard.of==x") == ["node1", "node2"])
        #expect(try places(nil, pin: "node2") == ["node2"])
    }

    @Test("Reservations of what stays count on their node, and those of what goes are free")
    func reservations() throws {
        let old = Placement(colour: .green, release: Sample.release(0))
        let found = try room(
            ["web": [:]],
            running: [service("s1", "web", at: Self.previous), service("s2", "web", at: old)],
            tasks: [
                try task("t1", of: "s1", node: 1, reserving: 1_048_576_000),
                try task("t2", of: "s2", node: 1, reserving: 2_097_152_000),
                try task("t3", of: "strange", node: 2, reserving: 524_288_000),
            ],
            replies: [
                "n1": NodeReply(
                    memory: NodeMemory(total: .mebibytes(4000), available: .mebibytes(900)),
                    held: ["t1": .mebibytes(50), "t2": .mebibytes(70)])
            ])
        #expect(found.nodes.map(\.name) == ["node1", "node2"])
        #expect(found.nodes.map(\.unreserved) == [.mebibytes(3000), .mebibytes(3500)])
        #expect(found.nodes.map(\.freed) == [.mebibytes(70), .zero])
        #expect(found.nodes.map { $0.memory?.available } == [.mebibytes(900), nil])
    }

    @Test("A shared service that runs needs nothing, nor a singleton that is handed over")
    func inPlace() throws {
        let settings = SwarmSample.web.merging([
            "db": ServiceSettings(role: .shared), "queue": ServiceSettings(role: .singleton),
            "mail": ServiceSettings(role: .singleton),
        ]) { $1 }
        let found = try room(
            ["web": ["deploy": ["replicas": 2]], "db": [:], "queue": [:], "mail": [:]], settings,
            running: [
                service("s1", "db", at: nil, "shared"),
                service("s2", "queue", at: Self.previous, "singleton"),
                service("s3", "web", at: Self.candidate, "exposed"),
            ],
            tasks: [
                try task("t2", of: "s2", node: 1), try task("t3", of: "s3", node: 1),
            ])
        #expect(found.needs.map(\.service).sorted() == ["mail", "web"])
        #expect(found.needs.first { $0.service == "web" }?.replicas == 1)
        #expect(found.needs.first { $0.service == "web" }?.isOnePerNode == true)
    }

    @Test("A reply of an older Teal, without a word on memory, is read all the same")
    func older() throws {
        let reply = try #require(NodeReply(line: #"{"images":["sha256:11"],"ports":[]}"#))
        #expect(reply.images == ["sha256:11"])
        #expect(reply.memory == nil)
        #expect(NodeReply(line: "exec: no such file") == nil)
    }
}
