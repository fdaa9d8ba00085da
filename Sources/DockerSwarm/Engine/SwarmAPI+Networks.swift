import DockerEngine

/// A network as a manager tells of it.
struct FoundNetwork: Hashable, Sendable {
    let id: String
    let name: String
    let driver: String
    private let scope: String
    private let labels: JSONValue?

    init(_ json: JSONValue) {
        id = json["Id"]?.string ?? ""
        name = json["Name"]?.string ?? ""
        driver = json["Driver"]?.string ?? ""
        scope = json["Scope"]?.string ?? ""
        labels = json["Labels"]
    }

    func label(_ key: String) -> String? { labels?[key]?.string }

    /// Whether tasks on every node can be in it.
    var isOfSwarm: Bool { scope == "swarm" && driver == "overlay" }

    func isOwn(of app: String) -> Bool { isOfSwarm && label(ResourceLabel.app) == app }
}

extension SwarmAPI {
    /// nil where there is none of this name.
    func foundNetwork(_ name: String) async throws -> FoundNetwork? {
        try await network(name).map(FoundNetwork.init)
    }

    func network(_ name: String) async throws -> JSONValue? {
        let response = try await send(
            EngineRequest(
                method: .get, path: "/networks/\(name)", act: "inspect the network \(name)",
                alsoGood: [404]))
        if response.status == 404 { return nil }
        return try JSONValue(parsing: response.body)
    }

    /// All that carry every one of these labels, also those of this node alone.
    func networks(labels: [String]) async throws -> [FoundNetwork] {
        let filters: JSONValue = ["label": .array(labels.map(JSONValue.string))]
        let response = try await send(
            EngineRequest(
                method: .get, path: "/networks", query: [("filters", filters.compact)],
                act: "list the networks"))
        return (try JSONValue(parsing: response.body).array ?? []).map(FoundNetwork.init)
            .sorted { $0.name < $1.name }
    }

    /// A network that is still in use is tried again: its last tasks may just be ending.
    ///
    /// - Returns: whether it is gone.
    func removeNetwork(_ name: String) async throws -> Bool {
        do {
            try await send(
                EngineRequest(
                    method: .delete, path: "/networks/\(name)",
                    act: "remove the network \(name)", alsoGood: [404]))
            return true
        } catch DockerError.engine(_, let status, let text)
            where (400..<500).contains(status) && text.contains("in use")
        {
            return false
        }
    }

    /// - Parameter properties: the engine's values beside these.
    func createOverlay(
        _ name: String, labels: [String: String], properties: JSONValue = [:]
    ) async throws {
        var body = properties
        body["Name"] = .string(name)
        body["Driver"] = "overlay"
        body["CheckDuplicate"] = true
        body["Labels"] = .object(labels.mapValues(JSONValue.string))
        try await send(
            EngineRequest(
                method: .post, path: "/networks/create", body: body,
                act: "create the network \(name)"))
    }
}
