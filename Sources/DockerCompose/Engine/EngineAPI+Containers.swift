import DockerEngine
import FoundationEssentials

extension EngineAPI {
    /// All containers that carry every one of these labels, `teal.app=shop`, running or not.
    func containers(labels: [String]) async throws -> [ListedContainer] {
        let filters: JSONValue = ["label": .array(labels.map(JSONValue.string))]
        return try await ask(
            EngineRequest(
                method: .get, path: "/containers/json",
                query: [("all", "1"), ("filters", try filters.serialized())],
                act: "list the containers"))
    }

    /// nil where there is none.
    func inspectContainer(_ id: String) async throws -> InspectedContainer? {
        try await look(
            EngineRequest(
                method: .get, path: "/containers/\(id)/json",
                act: "inspect the container \(id.prefix(12))"))
    }

    /// A container that runs stays as it is.
    func startContainer(_ container: ListedContainer) async throws {
        _ = try await send(
            EngineRequest(
                method: .post, path: "/containers/\(container.id)/start",
                act: "start \(container.name)", alsoGood: [304]))
    }

    /// It goes on where somebody has paused it.
    func unpauseContainer(_ container: ListedContainer) async throws {
        _ = try await send(
            EngineRequest(
                method: .post, path: "/containers/\(container.id)/unpause",
                act: "unpause \(container.name)"))
    }

    /// Within the grace time that the container was created with, then by force.
    func stopContainer(_ container: ListedContainer, grace: Duration) async throws {
        _ = try await find(
            EngineRequest(
                method: .post, path: "/containers/\(container.id)/stop",
                act: "stop \(container.name)", alsoGood: [304],
                timeLimit: grace + .seconds(20)))
    }

    /// Ends it as `stopContainer` does, and starts it again.
    func restartContainer(_ container: ListedContainer, grace: Duration) async throws {
        _ = try await send(
            EngineRequest(
                method: .post, path: "/containers/\(container.id)/restart",
                act: "restart \(container.name)", timeLimit: grace + .seconds(80)))
    }

    /// The volumes without a name of a container that is removed.
    enum UnnamedVolumes {
        case kept
        case removed
    }

    /// Kills it first if it runs. Returns when it is gone.
    func removeContainer(_ container: ListedContainer, _ volumes: UnnamedVolumes) async throws {
        let fate =
            switch volumes {
            case .kept: "0"
            case .removed: "1"
            }
        let act = "remove \(container.name)"
        let response = try await send(
            EngineRequest(
                method: .delete, path: "/containers/\(container.id)",
                query: [("force", "1"), ("v", fate)], act: act, alsoGood: [404, 409]))
        guard response.status == 409 else { return }
        // Somebody removes it already; its name is free only when that is done.
        _ = try await find(
            EngineRequest(
                method: .post, path: "/containers/\(container.id)/wait",
                query: [("condition", "removed")], act: act))
    }

    func updateRestartPolicy(
        of container: ListedContainer, to policy: RestartPolicy
    ) async throws {
        try await update(
            container, ["RestartPolicy": policy.json],
            act: "set the restart policy of \(container.name)")
    }

    func updateProcessorWeight(of container: ListedContainer, to weight: Int) async throws {
        try await update(
            container, ["CpuShares": .integer(Int64(weight))],
            act: "set the processor weight of \(container.name)")
    }

    /// A container that ends just then is refused, in words of the daemon's or of its runtime's, until
    /// the daemon has seen its end too; then the change is taken like that of any stopped one.
    private func update(
        _ container: ListedContainer, _ change: JSONValue, act: String
    ) async throws {
        let request = EngineRequest(
            method: .post, path: "/containers/\(container.id)/update", body: change, act: act)
        for _ in 1...Self.updateTries {
            do {
                _ = try await find(request)
                return
            } catch DockerError.engine(_, 500, let text) where Self.tellsOfEnd(text) {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        _ = try await find(request)
    }

    private static let updateTries = 50

    /// "cannot update a stopped container", "container not running", "no such process"
    private static func tellsOfEnd(_ text: String) -> Bool {
        ["stopped container", "not running", "no such process", "process already finished"]
            .contains { text.lowercased().contains($0) }
    }

    /// The last lines of both its outputs, oldest first.
    func logs(ofContainer id: String, lines: Int) async throws -> [String] {
        guard let container = try await inspectContainer(id) else { return [] }
        let response = try await find(
            EngineRequest(
                method: .get, path: "/containers/\(id)/logs",
                query: [("stdout", "1"), ("stderr", "1"), ("tail", String(lines))],
                act: "read the log of \(id.prefix(12))"))
        guard let body = response?.body else { return [] }
        let text = container.config.hasTerminal ? body : LogFrames(body).bytes
        return LogFrames.lines(of: text).suffix(lines)
    }
}
