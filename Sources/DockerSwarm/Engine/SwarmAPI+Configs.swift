import DockerEngine
import FoundationEssentials

/// An object that all managers keep. Its labels can be changed, by compare-and-swap; its data cannot.
struct SwarmConfig: Hashable, Sendable {
    let id: String
    let version: Int
    let spec: JSONValue

    init(_ json: JSONValue) {
        id = json["ID"]?.string ?? ""
        version = json["Version"]?["Index"]?.integer ?? 0
        spec = json["Spec"] ?? [:]
    }

    var name: String { spec["Name"]?.string ?? "" }

    var data: Data { spec["Data"]?.string.flatMap { Data(base64Encoded: $0) } ?? Data() }

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

    /// All that carry every one of these labels, `teal.app=shop`, with their data.
    func configs(labels: [String]) async throws -> [SwarmConfig] {
        let filters: JSONValue = ["label": .array(labels.map(JSONValue.string))]
        let response = try await send(
            EngineRequest(
                method: .get, path: "/configs", query: [("filters", filters.compact)],
                act: "list the configs"))
        return (try JSONValue(parsing: response.body).array ?? []).map(SwarmConfig.init)
    }

    /// - Parameter data: not empty, and less than 500 kB.
    /// - Returns: whether it was made; else there is one of this name.
    func createConfig(
        _ name: String, labels: [String: String], data: Data = Data("teal".utf8)
    ) async throws -> Bool {
        try await create(.config, name, labels: labels, data: data)
    }

    func create(
        _ kind: SwarmObject.Kind, _ name: String, labels: [String: String], data: Data
    ) async throws -> Bool {
        let response = try await send(
            EngineRequest(
                method: .post, path: "/\(kind.section)/create",
                body: [
                    "Name": .string(name), "Labels": .object(labels.mapValues(JSONValue.string)),
                    "Data": .string(data.base64EncodedString()),
                ], act: "create the \(kind.rawValue) \(name)", alsoGood: [409]))
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
                    act: "update the config \(config.name)", alsoGood: [404]))
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
                act: "remove the config \(config.name)", alsoGood: [404]))
    }
}
