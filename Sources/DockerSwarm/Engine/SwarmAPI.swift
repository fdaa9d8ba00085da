import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// The part of the Engine API that is about a swarm, as a manager answers it.
struct SwarmAPI: Sendable {
    let engine: any EngineCalls
    let clock: any WallClock
    /// How long the managers may take to choose another leader: 15 s were seen after a loss.
    var patience = Duration.seconds(30)
    /// For the nodes, which pull images in the name of the user; nil means none.
    var logins: RegistryLogins?

    /// In the engine's words for a version that is not the newest: it has no status of its own for
    /// that, but 500 (seen with 20.10).
    static let stale = "out of sequence"

    /// - Throws: `SwarmError.noLeader` or `.notManager` where the daemon cannot speak for a swarm.
    @discardableResult
    func send(_ request: EngineRequest) async throws -> EngineResponse {
        try await awaitingLeader { try await engine.send(request) }
    }

    private func awaitingLeader<Answer>(
        _ call: () async throws -> Answer
    ) async throws -> Answer {
        let deadline = clock.now + patience
        while true {
            do {
                return try await attempt(call)
            } catch SwarmError.noLeader(let text) {
                guard clock.now < deadline else { throw SwarmError.noLeader(text: text) }
                try await clock.sleep(until: clock.now + .seconds(1))
            }
        }
    }

    private func attempt<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
        do {
            return try await call()
        } catch DockerError.engine(_, 503, let text) {
            throw try await whyUnavailable(text)
        } catch let error as DockerError where error.mayBeWantOfLeader {
            // Without a majority, a manager that was the leader answers late or in other words.
            guard let fault = try await leaderFault() else { throw error }
            throw SwarmError.noLeader(text: fault)
        }
    }

    /// nil where the daemon knows of none.
    private func leaderFault() async throws -> String? {
        let facts = try await facts()
        guard facts["ControlAvailable"]?.bool == true else { return nil }
        let fault = facts["Error"]?.string ?? ""
        return fault.isEmpty ? nil : fault
    }

    /// The daemon's own part of the swarm.
    ///
    /// - Throws: `SwarmError.noLeader` where the daemon answers, and not about its swarm: it waits
    ///   for the other managers (seen with 20.10 just after the majority was lost).
    func facts() async throws -> JSONValue {
        do {
            let answer = try await engine.read(
                EngineRequest(
                    method: .get, path: "/info", act: "tell about itself", timeLimit: .seconds(10)))
            return answer?["Swarm"] ?? [:]
        } catch let error as DockerError where error.mayBeWantOfLeader {
            _ = try await engine.send(
                EngineRequest(
                    method: .get, path: "/version", act: "tell its version",
                    timeLimit: .seconds(10)))
            throw SwarmError.noLeader(text: "\(error)")
        }
    }

    /// nil where there is no such thing.
    private func ask(_ request: EngineRequest) async throws -> JSONValue? {
        try await awaitingLeader { try await engine.read(request) }
    }

    /// Both have the status 503; a manager says of itself that it is one.
    private func whyUnavailable(_ text: String) async throws -> SwarmError {
        let isManager = try await facts()["ControlAvailable"]?.bool == true
        return isManager ? .noLeader(text: text) : .notManager(text: text)
    }

    /// All that carry every one of these labels, `teal.app=shop`, in alphabetical order.
    func services(labels: [String]) async throws -> [SwarmService] {
        let filters: JSONValue = ["label": .array(labels.map(JSONValue.string))]
        let answer = try await ask(
            EngineRequest(
                method: .get, path: "/services",
                query: [("filters", try filters.serialized())], act: "list the services"))
        return (answer?.array ?? []).map(SwarmService.init).sorted { $0.name < $1.name }
    }

    /// nil where there is none of this name.
    func service(_ name: String) async throws -> SwarmService? {
        try await ask(
            EngineRequest(
                method: .get, path: "/services/\(name)", act: "inspect the service \(name)",
                alsoGood: [404])
        ).map(SwarmService.init)
    }

    /// Without a look at registries: the image is named by what every node finds alike.
    func create(_ spec: JSONValue) async throws {
        let name = spec["Name"]?.string ?? ""
        var request = EngineRequest(
            method: .post, path: "/services/create", body: spec,
            act: "create the service \(name)")
        request.registryAuth = try await registryAuth(of: spec)
        try await send(request)
    }

    /// With today's credentials; without any, the engine keeps those that the service has. Tasks that
    /// run are left alone where nothing but these is another (seen with 20.10).
    ///
    /// - Throws: `SwarmError.overtaken` where the service has changed since it was read.
    func update(_ service: SwarmService, to spec: JSONValue) async throws {
        try await update(
            "/services/\(service.id)", service.name, from: service.version, to: spec,
            act: "update the service \(service.name)", try await registryAuth(of: spec))
    }

    /// The credentials by which the nodes pull the service's image.
    private func registryAuth(of spec: JSONValue) async throws -> String? {
        let image = spec["TaskTemplate"]?["ContainerSpec"]?["Image"]?.string ?? ""
        guard let logins, !image.isEmpty, !image.hasPrefix("sha256:") else { return nil }
        do {
            return try await logins.credentials(for: ImageName(image).registry)?.header
        } catch is DockerError {
            // A deploy is refused for it before it begins. A way back goes on by the images that
            // the nodes have.
            return nil
        }
    }

    /// - Throws: `SwarmError.overtaken` where the node has changed since it was read.
    func update(_ node: SwarmNode, to spec: JSONValue) async throws {
        try await update(
            "/nodes/\(node.id)", "node \(node.name)", from: node.version, to: spec,
            act: "label the node \(node.name)")
    }

    /// Compare-and-swap.
    private func update(
        _ path: String, _ name: String, from version: Int, to spec: JSONValue, act: String,
        _ registryAuth: String? = nil
    ) async throws {
        var request = EngineRequest(
            method: .post, path: path + "/update", query: [("version", String(version))],
            body: spec, act: act)
        request.registryAuth = registryAuth
        do {
            try await send(request)
        } catch DockerError.engine(_, 500, let text) where text.contains(Self.stale) {
            throw SwarmError.overtaken(service: name)
        }
    }

    /// One that is gone is no failure.
    func remove(_ service: SwarmService) async throws {
        try await send(
            EngineRequest(
                method: .delete, path: "/services/\(service.id)",
                act: "remove the service \(service.name)", alsoGood: [404]))
    }

    /// Those of the services, of now and of before, as far as the swarm remembers them.
    func tasks(of services: [SwarmService]) async throws -> [SwarmTask] {
        if services.isEmpty { return [] }
        let filters: JSONValue = ["service": .array(services.map { .string($0.id) })]
        let answer = try await ask(
            EngineRequest(
                method: .get, path: "/tasks", query: [("filters", try filters.serialized())],
                act: "list the tasks"))
        return (answer?.array ?? []).map(SwarmTask.init)
    }

    /// Those of all services in the swarm that it wants to run.
    func wantedTasks() async throws -> [SwarmTask] {
        let filters: JSONValue = ["desired-state": ["running"]]
        let answer = try await ask(
            EngineRequest(
                method: .get, path: "/tasks", query: [("filters", try filters.serialized())],
                act: "list the tasks of all services"))
        return (answer?.array ?? []).map(SwarmTask.init)
    }

    func nodes() async throws -> [SwarmNode] {
        let answer = try await ask(
            EngineRequest(method: .get, path: "/nodes", act: "list the nodes"))
        return (answer?.array ?? []).map(SwarmNode.init).sorted { $0.name < $1.name }
    }

    /// The last lines of the task's outputs, oldest first, from whichever node it runs on. A node
    /// that is down has none to give.
    func logs(ofTask id: String, lines: Int) async throws -> [String] {
        let response = try await send(
            EngineRequest(
                method: .get, path: "/tasks/\(id)/logs",
                query: [("stdout", "1"), ("stderr", "1"), ("tail", String(lines))],
                act: "read the log of the task \(id)", alsoGood: [404], timeLimit: .seconds(5)))
        if response.status == 404 { return [] }
        return LogFrames.lines(of: LogFrames(response.body).bytes).suffix(lines).map(\.self)
    }
}

extension DockerError {
    fileprivate var mayBeWantOfLeader: Bool {
        if case .noAnswer = self { return true }
        if case .engine(_, let status, let text) = self {
            return status >= 500 && !text.contains(SwarmAPI.stale)
        }
        return false
    }
}
