import BlueGreen
package import DockerEngine
import FoundationEssentials
import HostSystem
package import Orchestration

/// The things that a release needs of every node.
package struct NodeNeeds: Hashable, Codable, Sendable {
    static let variable = "TEAL_NODE_NEEDS"

    /// Images by name or id that no registry has.
    var images: [String]
    /// Ports that nothing else may listen at.
    var ports: [Int]
    /// The registry that its daemon has to reach, as `registry.example:5000/shop`.
    var registry: String?
    /// The ids of those whose containers it tells the memory of.
    var services: [String]?
}

/// One node's own word: the part of the needs that it lacks, and its memory.
struct NodeReply: Hashable, Codable, Sendable {
    /// Those that it lacks.
    var images: [String] = []
    /// Those that are taken.
    var ports: [Int] = []
    /// Why the node cannot pull from the registry, with the remedy; nil where nothing is known
    /// against it.
    var registry: String?
    /// nil where it could not be read, or where the image of the edges has an older Teal.
    var memory: NodeMemory?
    /// By task's id: the memory that the container holds.
    var held: [String: ByteCount]?
}

extension NodeReply {
    /// nil for another line of the task's log.
    init?(line: String) {
        guard let reply = try? JSONDecoder().decode(NodeReply.self, from: Data(line.utf8)) else {
            return nil
        }
        self = reply
    }
}

/// Asks every node, by a task that ends, for what only the node itself knows.
struct NodeLook: Sendable {
    struct Finding: Sendable {
        let node: SwarmNode
        let reply: Result<NodeReply, Failure>

        /// In the node's or the swarm's own words.
        struct Failure: Error {
            let reason: String
        }
    }

    private static let label = "teal.look"
    private static let until = "teal.until"
    private static let patience = Duration.seconds(30)

    let app: String
    /// With Teal, as the edges run it.
    let image: String
    let api: SwarmAPI
    let clock: any WallClock

    /// In alphabetical order of node; those that can run no task are left out.
    func ask(_ needs: NodeNeeds) async throws -> [Finding] {
        try await sweep()
        let name = "\(app)-look-\(String(UInt32.random(in: .min ... .max), radix: 16))"
        try await api.create(try spec(name, needs))
        guard let service = try await api.service(name) else { return [] }
        do {
            let findings = try await findings(service)
            try await api.remove(service)
            return findings
        } catch {
            // The next look removes it, if this one cannot.
            try? await api.remove(service)
            throw error
        }
    }

    /// The remains of looks that were killed.
    private func sweep() async throws {
        let labels = ["\(ResourceLabel.app)=\(app)", Self.label]
        for service in try await api.services(labels: labels) {
            let until = service.label(Self.until).flatMap { Int64($0) } ?? 0
            if Timestamp(milliseconds: until) < clock.now { try await api.remove(service) }
        }
    }

    private func spec(_ name: String, _ needs: NodeNeeds) throws -> JSONValue {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(needs), as: UTF8.self)
        let until = (clock.now + Self.patience + Self.patience).milliseconds
        return [
            "Name": .string(name),
            "Labels": [
                ResourceLabel.app: .string(app), Self.label: "true",
                Self.until: .string("\(until)"),
            ],
            "Mode": ["GlobalJob": [:]],
            "TaskTemplate": [
                "ContainerSpec": [
                    "Image": .string(image),
                    "Command": [.string(EdgeService.program), "edge", "--look"],
                    "Env": [.string("\(NodeNeeds.variable)=\(text)")],
                    "Mounts": [
                        [
                            "Type": "bind", "Source": "/", "Target": .string(EdgeService.root),
                            "ReadOnly": true,
                        ]
                    ],
                ],
                "Networks": [["Target": "host"]],
                "RestartPolicy": ["Condition": "none"],
                "LogDriver": ["Name": "json-file", "Options": ["max-size": "1m"]],
            ],
        ]
    }

    private func findings(_ service: SwarmService) async throws -> [Finding] {
        let deadline = clock.now + Self.patience
        while true {
            let nodes = try await api.nodes().filter { $0.absence == nil }
            let tasks = try await api.tasks(of: [service])
            let last = nodes.map { node in
                (node, tasks.filter { $0.nodeID == node.id }.max { $0.created < $1.created })
            }
            let isOver = clock.now >= deadline
            if isOver || last.allSatisfy({ $0.1.map { !$0.mayRun } ?? false }) {
                var findings: [Finding] = []
                for (node, task) in last {
                    findings.append(Finding(node: node, reply: try await reply(of: task)))
                }
                return findings
            }
            try await clock.sleep(until: clock.now + .milliseconds(200))
        }
    }

    private func reply(
        of task: SwarmTask?
    ) async throws -> Result<NodeReply, Finding.Failure> {
        guard let task, !task.mayRun else {
            return .failure(.init(reason: "it did not answer within \(Self.patience.text)"))
        }
        let lines = try await api.logs(ofTask: task.id, lines: 20)
        if let reply = lines.lazy.reversed().compactMap(NodeReply.init).first {
            return .success(reply)
        }
        let reason = task.reason.isEmpty ? lines.last ?? "it said nothing" : task.reason
        return .failure(.init(reason: reason))
    }
}

/// The node's side of a look.
package struct NodeAnswer: Sendable {
    private let needs: NodeNeeds
    private let api: EngineAPI
    private let gauge: any HostGauge

    /// - Parameters:
    ///   - api: of the node's own daemon.
    ///   - gauge: of the node.
    /// - Returns: nil where the environment asks nothing.
    package init?(_ environment: [String: String], api: EngineAPI, gauge: any HostGauge) throws {
        guard let text = environment[NodeNeeds.variable] else { return nil }
        needs = try JSONDecoder().decode(NodeNeeds.self, from: Data(text.utf8))
        self.api = api
        self.gauge = gauge
    }

    /// On one line, for the task's log.
    package func line() async throws -> String {
        var reply = NodeReply()
        for image in needs.images where try await api.inspectImage(image) == nil {
            reply.images.append(image)
        }
        for port in needs.ports {
            let isTaken = try TCPConnections().isListening(
                inNamespaceOf: nil, host: "0.0.0.0", port: port)
            if isTaken { reply.ports.append(port) }
        }
        if let registry = needs.registry { reply.registry = try await fault(of: registry) }
        // A node that cannot tell it is one whose memory nobody knows.
        reply.memory = (try? await gauge.sample()).map(NodeMemory.init)
        // Without it needs are what is declared.
        reply.held = try? await held(by: needs.services ?? [])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(reply), as: UTF8.self)
    }

    /// By task's id.
    private func held(by services: [String]) async throws -> [String: ByteCount] {
        if services.isEmpty { return [:] }
        let containers: [TaskContainer] =
            try await api.look(
                EngineRequest(
                    method: .get, path: "/containers/json", act: "list the running containers"))
            ?? []
        var held: [String: ByteCount] = [:]
        for container in containers {
            guard let service = container.service, services.contains(service),
                let task = container.task
            else { continue }
            held[task] = try await api.memoryUse(of: container.id)
        }
        return held
    }

    /// No credentials are in a task's environment, where all could read them: a registry that wants
    /// some has been reached.
    private func fault(of registry: String) async throws -> String? {
        let repository = ResourceNames.imageRepository(in: registry, "teal")
        let fault = try await api.fault(
            ofRegistryWith: repository, as: nil, within: .seconds(10))
        switch fault {
        case .refused, .noRepository, nil: return nil
        case .unreachable, .plain, .untrusted, .broken, .silent, .other:
            return fault.map {
                "\($0.cause) \($0.remedy(for: ImageName(repository).registry))"
            }
        }
    }
}

/// A container as `GET /containers/json` lists it, with the labels that the swarm gives it.
private struct TaskContainer: Decodable {
    let id: String
    let labels: [String: String]?

    var service: String? { labels?["com.docker.swarm.service.id"] }
    var task: String? { labels?["com.docker.swarm.task.id"] }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case labels = "Labels"
    }
}
