import DockerEngine
import Foundation
import Synchronization
import TestSupport

@testable import DockerSwarm

/// The configs of a swarm, as all its managers answer for them.
final class FakeConfigs: Sendable {
    private struct State: Sendable {
        var configs: [(id: String, spec: JSONValue)] = []
        var made = 0
        var services = ["shop-edge"]
        var isLeaderless = false
        /// How many of the next requests to make one get no answer for it, though it is made.
        var lost = 0
    }

    private let state = Mutex(State())

    var names: [String] { state.withLock { $0.configs.map { $0.spec["Name"]?.string ?? "" } } }

    /// How many were ever made.
    var made: Int { state.withLock(\.made) }

    func loseAnswer() { state.withLock { $0.lost = 1 } }

    func loseMajority() { state.withLock { $0.isLeaderless = true } }

    /// The end of an app.
    func removeAll() {
        state.withLock { state in
            state.configs = []
            state.services = []
        }
    }

    /// By hand, while the app goes on.
    func removeConfigs() { state.withLock { $0.configs = [] } }

    func answer(to request: Receiver.Request) -> Receiver.Answer {
        state.withLock { Self.answer(request, &$0) }
    }

    private static func answer(
        _ request: Receiver.Request, _ state: inout State
    ) -> Receiver.Answer {
        let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
        let path = parts[0].replacing("/v1.41", with: "")
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        if path == "/_ping" { return .status(200, fields: ["Api-Version": "1.41"]) }
        if path == "/info" {
            return .status(200, body: #"{"Swarm": {"ControlAvailable": true, "NodeID": "n1"}}"#)
        }
        if state.isLeaderless {
            return .status(503, body: #"{"message": "The swarm does not have a leader."}"#)
        }
        if path == "/services" {
            return json(
                .array(state.services.map { ["ID": .string($0), "Spec": ["Name": .string($0)]] }))
        }
        switch "\(request.method)" {
        case "POST": return make(request, &state)
        case "DELETE":
            state.configs.removeAll { $0.id == last }
            return .status(204)
        default: break
        }
        if path == "/configs" {
            let wanted = labels(parts.last ?? "")
            return json(.array(state.configs.filter { has($0.spec, wanted) }.map(config)))
        }
        let found = state.configs.first { $0.spec["Name"]?.string == last }
        return found.map { json(config($0)) } ?? .status(404, body: "{}")
    }

    private static func make(
        _ request: Receiver.Request, _ state: inout State
    ) -> Receiver.Answer {
        guard let spec = try? JSONValue(parsing: request.body) else { return .status(400) }
        if state.configs.contains(where: { $0.spec["Name"] == spec["Name"] }) {
            return .status(409, body: #"{"message": "the name is taken"}"#)
        }
        state.made += 1
        state.configs.append((id: "c\(state.made)", spec: spec))
        guard state.lost == 0 else {
            state.lost -= 1
            return .status(503, body: #"{"message": "The swarm does not have a leader."}"#)
        }
        return .status(201, body: #"{"ID": "c\#(state.made)"}"#)
    }

    private static func config(_ config: (id: String, spec: JSONValue)) -> JSONValue {
        let number = Int64(config.id.dropFirst()) ?? 0
        return [
            "ID": .string(config.id), "Version": ["Index": .integer(number)], "Spec": config.spec,
        ]
    }

    /// Those of the filter, `teal.app=shop`.
    private static func labels(_ query: String) -> [String] {
        let text = query.replacing("filters=", with: "").removingPercentEncoding ?? ""
        let filters = try? JSONValue(parsing: Array(text.utf8))
        return filters?["label"]?.array?.compactMap(\.string) ?? []
    }

    private static func has(_ spec: JSONValue, _ labels: [String]) -> Bool {
        labels.allSatisfy { label in
            let parts = label.split(separator: "=", maxSplits: 1).map(String.init)
            return spec["Labels"]?[parts[0]]?.string == parts.last
        }
    }

    private static func json(_ value: JSONValue) -> Receiver.Answer {
        .status(200, body: value.compact)
    }
}
