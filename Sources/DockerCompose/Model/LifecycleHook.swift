import DockerEngine

/// A hook that the compose file has for the containers of a service: `post_start` or `pre_stop`.
/// https://docs.docker.com/compose/how-tos/lifecycle/
struct LifecycleHook: Hashable, Sendable {
    /// When it runs; the raw value is the key of the compose file.
    enum Point: String, CaseIterable, Sendable {
        case postStart = "post_start"
        case preStop = "pre_stop"

        /// The label that a container bears its hooks by: it may outlive the record of its release.
        var label: String {
            switch self {
            case .postStart: ResourceLabel.postStart
            case .preStop: ResourceLabel.preStop
            }
        }
    }

    /// The program and its arguments.
    let words: [String]
    let user: String?
    let isPrivileged: Bool
    let workingDirectory: String?
    let environment: [String: String]

    /// nil where it names no program.
    init?(_ model: JSONValue) {
        let words = (model["command"]?.array ?? []).compactMap(\.string)
        guard !words.isEmpty else { return nil }
        self.words = words
        user = model["user"]?.string
        isPrivileged = model["privileged"]?.bool ?? (model["privileged"]?.string == "true")
        workingDirectory = model["working_dir"]?.string
        environment = (model["environment"]?.object ?? [:]).compactMapValues { value in
            value.string ?? value.integer.map(String.init) ?? value.bool.map { "\($0)" }
        }
    }

    /// Those that a container bears.
    static func all(at point: Point, in labels: [String: String]) -> [LifecycleHook] {
        guard let text = labels[point.label] else { return [] }
        // Teal wrote it; by somebody else's hand it may be anything.
        let hooks = try? JSONValue(parsing: Array(text.utf8))
        return (hooks?.array ?? []).compactMap(LifecycleHook.init)
    }

    /// As a person would type it.
    var text: String { "`\(words.joined(separator: " "))`" }
}

extension ComposeService {
    /// The keys of hooks: Teal runs them itself, whatever the installed Compose knows of them.
    static let lifecycleKeys = ["pre_start"] + LifecycleHook.Point.allCases.map(\.rawValue)

    /// The container specifications of its `pre_start` steps, in order.
    var preStart: [JSONValue] { model["pre_start"]?.array ?? [] }

    /// The labels that bear its hooks.
    var lifecycleLabels: [String: String] {
        var labels: [String: String] = [:]
        for point in LifecycleHook.Point.allCases {
            guard let hooks = model[point.rawValue]?.array, !hooks.isEmpty else { continue }
            labels[point.label] = JSONValue.array(hooks).compact
        }
        return labels
    }
}
