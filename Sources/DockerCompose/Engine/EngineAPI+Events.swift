import BlueGreen
import DockerEngine

extension EngineAPI {
    /// The events of containers with all of these labels between two moments that are over, oldest
    /// first. The engine remembers its last 256 events, of any kind and of all containers; three of
    /// them are one command that runs as a health check.
    ///
    /// - Parameter until: a later moment than the engine's own now would keep the answer open; it
    ///   is given up after some seconds, by `DockerError.noAnswer`.
    func events(
        _ actions: [String], ofContainersWith labels: [String], since: Timestamp, until: Timestamp
    ) async throws -> [EngineEvent] {
        let request = try EngineRequest(
            events: actions, ofContainersWith: labels,
            [("since", since.engineText), ("until", until.engineText)])
        let response = try await send(request)
        // One object a line; https://docs.docker.com/reference/api/engine/ (GET /events).
        return try response.body.split(separator: UInt8(ascii: "\n")).map { line in
            let part = EngineResponse(
                status: response.status, body: Array(line), apiVersion: nil)
            return try decode(EngineEvent.self, from: part, act: request.act)
        }
    }
}

extension EngineRequest {
    init(
        events actions: [String], ofContainersWith labels: [String],
        _ bounds: [(name: String, value: String)]
    ) throws {
        let filters: JSONValue = [
            "type": ["container"], "event": .array(actions.map(JSONValue.string)),
            "label": .array(labels.map(JSONValue.string)),
        ]
        self.init(
            method: .get, path: "/events",
            query: bounds + [("filters", try filters.serialized())],
            act: "tell what happened to containers", timeLimit: .seconds(5))
    }
}

extension Timestamp {
    /// Seconds since 1970 with a fraction, `1795210445.007`.
    var engineText: String {
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)."
            + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}

/// Something that happened to a container, as the engine remembers it.
struct EngineEvent: Hashable, Decodable, Sendable {
    /// `die` where its first process ended, `oom` where the kernel killed any of its processes
    /// that was out of memory, `kill` where the engine was asked to send it a signal.
    let action: String
    let actor: Actor
    /// Of the engine's clock.
    let nanoseconds: Int64

    struct Actor: Hashable, Decodable, Sendable {
        let id: String
        /// The container's labels, and what belongs to the event: `exitCode`.
        let attributes: [String: String]

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    enum CodingKeys: String, CodingKey {
        case action = "Action"
        case actor = "Actor"
        case nanoseconds = "timeNano"
    }

    var at: Timestamp { Timestamp(milliseconds: nanoseconds / 1_000_000) }
}
