import BlueGreen
import DockerEngine
import Orchestration
import TestSupport

@testable import DockerSwarm

/// The Engine API of a simulated swarm's managers, with the answers of Docker 20.10.
struct SimulatedManagers: EngineCalls {
    enum Caller {
        /// The process that deploys, which may die at any request.
        case deployer
        case person
    }

    private let swarm: SimulatedSwarm
    private let caller: Caller

    init(_ swarm: SimulatedSwarm, _ caller: Caller) {
        self.swarm = swarm
        self.caller = caller
    }

    func send(_ request: EngineRequest) async throws -> EngineResponse {
        if request.path.hasSuffix("/logs") {
            let id = request.path.split(separator: "/")[1]
            return EngineResponse(
                status: 200, body: Self.framed(swarm.with { $0.log(of: id) }), apiVersion: nil)
        }
        _ = try await answer(request)
        return EngineResponse(status: 200, body: [], apiVersion: nil)
    }

    func read(_ request: EngineRequest) async throws -> JSONValue? { try await answer(request) }

    private func answer(_ request: EngineRequest) async throws -> JSONValue? {
        await swarm.advance(to: swarm.now + swarm.with { $0.milliseconds(upTo: 15) })
        let now = swarm.now
        let dies = try swarm.dies(by: caller)
        let isAfter = swarm.with { $0.random.isOne(in: 2) }
        if dies, !isAfter { throw swarm.death() }
        let isLost = try swarm.with { state in
            try state.needLeader(request, at: now)
            let isLost = state.trouble.lossRate.map { state.random.isOne(in: $0) } ?? false
            if isLost, !isAfter { throw Self.silence(request) }
            return isLost
        }
        let answer = try swarm.with { try $0.answer(request, at: now) }
        swarm.check(after: request.act)
        if dies { throw swarm.death() }
        if isLost { throw Self.silence(request) }
        return answer
    }

    private static func silence(_ request: EngineRequest) -> DockerError {
        .noAnswer(act: request.act, within: request.limit)
    }

    private static func framed(_ lines: [String]) -> [UInt8] {
        lines.flatMap { line -> [UInt8] in
            let bytes = Array("\(line)\n".utf8)
            let length = (0..<4).reversed().map { UInt8(bytes.count >> ($0 * 8) & 0xff) }
            return [1, 0, 0, 0] + length + bytes
        }
    }
}

extension SimulatedSwarm {
    func dies(by caller: SimulatedManagers.Caller) throws -> Bool {
        guard caller == .deployer else { return false }
        guard host.with({ $0.isPowered }) else { throw SimulatedHost.PowerLoss() }
        return with { state in
            guard let left = state.endIn else { return false }
            state.endIn = left > 1 ? left - 1 : nil
            return left <= 1
        }
    }

    /// Only the process ends: the containers of a swarm are not its own.
    func death() -> SimulatedHost.PowerLoss {
        host.with { $0.isPowered = false }
        with { $0.count("deaths") }
        return SimulatedHost.PowerLoss()
    }
}

extension SimulatedSwarm.State {
    mutating func needLeader(_ request: EngineRequest, at now: Timestamp) throws {
        if ["/info", "/version"].contains(request.path) { return }
        if let rate = trouble.leaderRate, trouble.leaderBackAt == nil, random.isOne(in: rate) {
            trouble.leaderBackAt = now + milliseconds(upTo: 40_000)
            count("leaderless")
        }
        guard let back = trouble.leaderBackAt else { return }
        guard now < back else { return trouble.leaderBackAt = nil }
        throw DockerError.engine(
            act: request.act, status: 503, text: "The swarm does not have a leader.")
    }

    mutating func answer(_ request: EngineRequest, at now: Timestamp) throws -> JSONValue? {
        let parts = request.path.split(separator: "/").map(String.init)
        switch (request.method, parts.first ?? "", parts.last ?? "") {
        case (.get, "info", _): return ["Swarm": ["ControlAvailable": true]]
        case (.get, "version", _): return [:]
        case (.get, "nodes", _):
            let shown = flaw == .forgetsByItself ? nodes.filter(\.isReady) : nodes
            return .array(shown.map(\.json))
        case (.get, "tasks", _): return .array(tasks.map { json($0) })
        case (.get, "services", _):
            return service.map {
                [
                    "ID": "s1", "Version": ["Index": .integer(Int64($0.version))], "Spec": $0.spec,
                ]
            }
        case (.post, "services", "create"):
            guard service == nil, let spec = request.body else { throw SimulatedHost.Fault() }
            service = SimulatedSwarm.Service(spec: spec)
        case (.post, "services", "update"):
            try update(request)
            strike(at: now)
        case (.delete, "services", _): service = nil
        case (.get, _, _), (.post, _, _), (.delete, _, _): throw SimulatedHost.Fault()
        }
        reconcile(at: now)
        return [:]
    }

    /// Compare-and-swap; the swarm itself makes a version at times.
    private mutating func update(_ request: EngineRequest) throws {
        guard var present = service, let spec = request.body else { throw SimulatedHost.Fault() }
        if random.isOne(in: 12) { present.version += 1 }
        let named = request.query.first { $0.name == "version" }?.value
        guard named == "\(present.version)" else {
            service = present
            throw DockerError.engine(
                act: request.act, status: 500,
                text: "rpc error: code = Unknown desc = update out of sequence")
        }
        if present.spec["TaskTemplate"] != spec["TaskTemplate"] { present.template += 1 }
        present.spec = spec
        present.version += 1
        service = present
    }

    /// All edges are asked at once, so that no chance may be in it.
    fileprivate func log(of id: Substring) -> [String] {
        let task = tasks.first { $0.id == id && nodes[$0.node].condition == .well }
        return Array((task?.log ?? []).suffix(5))
    }

    /// Nodes are lost just when it matters most.
    private mutating func strike(at now: Timestamp) {
        guard let rate = trouble.strikeRate, random.isOne(in: rate) else { return }
        let start = now + milliseconds(upTo: 300)
        befallSomeNode(at: start)
    }

    mutating func befallSomeNode(at start: Timestamp) {
        let node = Int(random.next() % 3)
        let conditions: [SimulatedNode.Condition] = [.cut, .frozen, .off, .off]
        let condition = conditions.randomElement(using: &random) ?? .cut
        schedule(.befall(node, condition), at: start)
        // Shorter than the managers notice, longer, or until the peace.
        let most: UInt64? = [4000, 40_000, nil].randomElement(using: &random) ?? nil
        if let most { schedule(.recover(node), at: start + milliseconds(upTo: most)) }
        if !random.isOne(in: 3) {
            schedule(.forget(node), at: start + .seconds(8) + milliseconds(upTo: 6000))
        }
    }

    private func json(_ task: SimulatedTask) -> JSONValue {
        let digits = "\(task.number)"
        let number = String(repeating: "0", count: 9 - digits.count) + digits
        return [
            "ID": .string(task.id), "CreatedAt": .string("2026-11-27T17:42:00.\(number)Z"),
            "ServiceID": "s1", "NodeID": .string(nodes[task.node].id),
            "DesiredState": task.isWanted ? "running" : "shutdown",
            "Spec": ["ContainerSpec": ["Env": [.string(task.environment)]]],
            "Status": ["State": .string(shown(task).rawValue)],
        ]
    }

    private func shown(_ task: SimulatedTask) -> SimulatedTask.State {
        guard task.isWanted, task.template == service?.template, !task.told.isOver else {
            return task.told
        }
        if flaw == .countsBegunTasks, task.told == .starting { return .running }
        let confirmed = tasks.filter { $0.template == task.template && $0.told == .running }
        return flaw == .countsAMajority && confirmed.count >= 2 ? .running : task.told
    }
}

extension SimulatedNode {
    fileprivate var json: JSONValue {
        [
            "ID": .string(id), "Spec": ["Role": "manager", "Availability": "active"],
            "Description": ["Hostname": .string(name)],
            "Status": [
                "State": isReady ? "ready" : "down", "Addr": .string("10.99.0.\(number)"),
            ],
        ]
    }
}
