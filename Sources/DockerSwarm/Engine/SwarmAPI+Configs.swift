import DockerEngine
import FoundationEssentials

/// An object that all managers keep. Its labels can be changed, by compare-and-swap.
struct SwarmConfig: Hashable, Sendable {
    let id: String
    let version: Int
    let spec: JSONValue

    init(_ json: JSONValue) {
        id = json["ID"]?.string ?? ""
        version = json["Version"]?["Index"]?.integer ?? 0
        spec = json["Spec"] ?? [:]
    }

    func label(_ key: String) -> String? { spec["Labels"]?[key]?.string }
}

extension SwarmAPI {
    /// nil where there is none of this name.
    func config(_ name: String) async throws -> SwarmConfig? {
        let response = try await send(
            EngineRequest(
                method: .get, path: "/configs/\(name)", act: "inspect the config \(name)",
                alsoGood: [404]))
        return response.status == 404 ? nil : SwarmConfig(try JSONValue(parsing: response.body))
    }

    /// - Returns: whether it was made; else there is one of this name.
    func createConfig(
        _ name: String, labels: [String: String], data: Data = Data("teal".utf8)
    ) async throws -> Bool {
        let response = try await send(
            EngineRequest(
                method: .post, path: "/configs/create",
                body: [
                    "Name": .string(name), "Labels": .object(labels.mapValues(JSONValue.string)),
                    // It must not be empty.
                    "Data": .string(data.base64EncodedString()),
                ], act: "create the config \(name)", alsoGood: [409]))
        return response.status != 409
    }

    /// - Returns: whether it was changed; else it has changed since it was read, or is gone.
    func update(_ config: SwarmConfig, labels: [String: String]) async throws -> Bool {
        var spec = config.spec
        spec["Labels"] = .object(labels.mapValues(JSONValue.string))
        do {
            let response = try await send(
                EngineRequest(
                    method: .post, path: "/configs/\(config.id)/update",
                    query: [("version", String(config.version))], body: spec,
                    act: "update the config \(spec["Name"]?.string ?? "")", alsoGood: [404]))
            return response.status != 404
        } catch DockerError.engine(_, 500, let text) where text.contains(Self.stale) {
            return false
        }
    }

    /// One that is gone is no failure.
    func remove(_ config: SwarmConfig) async throws {
        try await send(
            EngineRequest(
                method: .delete, path: "/configs/\(config.id)",
                act: "remove the config \(config.spec["Name"]?.string ?? "")", alsoGood: [404]))
    }
}
