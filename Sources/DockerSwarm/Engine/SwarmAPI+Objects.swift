import DockerEngine

/// A config or a secret as the swarm tells of it, without its content.
struct FoundObject: Hashable, Sendable {
    let kind: SwarmObject.Kind
    let id: String
    let name: String
    private let labels: JSONValue?

    init(_ kind: SwarmObject.Kind, _ json: JSONValue) {
        self.kind = kind
        id = json["ID"]?.string ?? ""
        name = json["Spec"]?["Name"]?.string ?? ""
        labels = json["Spec"]?["Labels"]
    }

    func label(_ key: String) -> String? { labels?[key]?.string }
}

extension SwarmAPI {
    /// nil where there is none of this name. The engine takes the beginning of an id as well.
    func object(_ kind: SwarmObject.Kind, _ name: String) async throws -> FoundObject? {
        let response = try await send(
            EngineRequest(
                method: .get, path: "/\(kind.section)/\(name)",
                act: "inspect the \(kind.rawValue) \(name)", alsoGood: [404]))
        if response.status == 404 { return nil }
        let found = FoundObject(kind, try JSONValue(parsing: response.body))
        return found.name == name ? found : nil
    }

    /// All that carry every one of these labels.
    func objects(_ kind: SwarmObject.Kind, labels: [String]) async throws -> [FoundObject] {
        let filters: JSONValue = ["label": .array(labels.map(JSONValue.string))]
        let response = try await send(
            EngineRequest(
                method: .get, path: "/\(kind.section)",
                query: [("filters", filters.compact)], act: "list the \(kind.section)"))
        return (try JSONValue(parsing: response.body).array ?? []).map { FoundObject(kind, $0) }
    }

    /// One that is gone is no failure, and one that a service still names stays.
    func remove(_ object: FoundObject) async throws {
        do {
            try await send(
                EngineRequest(
                    method: .delete, path: "/\(object.kind.section)/\(object.id)",
                    act: "remove the \(object.kind.rawValue) \(object.name)", alsoGood: [404]))
        } catch DockerError.engine(_, 400, let text) where text.contains("in use") {
            return
        }
    }
}
