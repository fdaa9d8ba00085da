/// The hooks of an app, by the point at which they are run, each in its order.
package struct Hooks: Hashable, Sendable {
    private var lists: [HookPoint: [Hook]] = [:]

    package init(
        beforeStart: [Hook] = [], beforeSwitch: [Hook] = [], afterSwitch: [Hook] = [],
        afterRetire: [Hook] = []
    ) {
        self[.beforeStart] = beforeStart
        self[.beforeSwitch] = beforeSwitch
        self[.afterSwitch] = afterSwitch
        self[.afterRetire] = afterRetire
    }

    package subscript(point: HookPoint) -> [Hook] {
        get { lists[point] ?? [] }
        set { lists[point] = newValue.isEmpty ? nil : newValue }
    }

    package var isEmpty: Bool { lists.isEmpty }

    /// Those that run on the host before the compose file is read: what they write, it may use.
    package var opening: [Hook] { self[.beforeStart].filter { $0.place == .host } }
}

extension Hooks: Codable {
    private enum CodingKeys: String, CodingKey {
        case beforeStart = "before_start"
        case beforeSwitch = "before_switch"
        case afterSwitch = "after_switch"
        case afterRetire = "after_retire"

        init(_ point: HookPoint) {
            self =
                switch point {
                case .beforeStart: .beforeStart
                case .beforeSwitch: .beforeSwitch
                case .afterSwitch: .afterSwitch
                case .afterRetire: .afterRetire
                }
        }
    }

    package init(from decoder: any Decoder) throws {
        let record = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        for point in HookPoint.allCases {
            self[point] = try record.decodeIfPresent([Hook].self, forKey: CodingKeys(point)) ?? []
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var record = encoder.container(keyedBy: CodingKeys.self)
        for point in HookPoint.allCases where !self[point].isEmpty {
            try record.encode(self[point], forKey: CodingKeys(point))
        }
    }
}

/// A program of the user's that a deployment runs on its way.
package struct Hook: Hashable, Codable, Sendable {
    /// Where it runs.
    package enum Place: Hashable, Codable, Sendable {
        case host
        /// In a container of this service of the candidate.
        case service(String)
    }

    /// The program and its arguments; never empty, and no shell reads them.
    package let words: [String]
    package let place: Place
    /// It is ended when it takes longer.
    package let timeout: Duration

    package static let usualTimeout = Duration.seconds(300)

    package init(
        _ words: [String], in place: Place = .host, timeout: Duration = Self.usualTimeout
    ) {
        self.words = words
        self.place = place
        self.timeout = timeout
    }

    /// As a person would type it, for progress and failures.
    package var text: String {
        let command = words.map(Self.quoted).joined(separator: " ")
        return switch place {
        case .host: "`\(command)`"
        case .service(let service): "`\(command)` in \(service)"
        }
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && !word.contains { $0.isWhitespace || "'\"\\`".contains($0) }
        return isPlain ? word : "'\(word)'"
    }
}

/// Where on a deployment's way hooks are run; the raw value is the key of `teal.yml`.
package enum HookPoint: String, Codable, CaseIterable, Sendable {
    /// On the host first of all. In a service once images and shared services are there, before
    /// anything else of the release runs.
    case beforeStart = "before_start"
    /// The candidate is healthy and nginx has its addresses.
    case beforeSwitch = "before_switch"
    /// The candidate has traffic, and the previous colour has ended nothing yet.
    case afterSwitch = "after_switch"
    /// All is done.
    case afterRetire = "after_retire"

    /// Whether nginx knows the candidate's addresses by then.
    package var comesAfterArming: Bool {
        switch self {
        case .beforeStart: false
        case .beforeSwitch, .afterSwitch, .afterRetire: true
        }
    }

    /// The word for history and progress.
    package var phaseName: String {
        switch self {
        case .beforeStart: "before start"
        case .beforeSwitch: "before switch"
        case .afterSwitch: "after switch"
        case .afterRetire: "after retire"
        }
    }
}

/// The deployment that runs a hook, as the hook is told of it.
package struct HookCircumstances: Hashable, Sendable {
    package let point: HookPoint
    package let candidate: Placement
    /// The release that had traffic when the deployment began.
    package let previous: ReleaseID?
    package let label: String?
    /// Where the colour without the traffic can be looked at; nil where it cannot.
    package var previewURL: String?
    /// Names this run of this hook, and is in the environment of all that belongs to it.
    package var mark = ""

    package static let markName = "TEAL_HOOK_RUN"

    package init(
        point: HookPoint, candidate: Placement, previous: ReleaseID?, label: String?
    ) {
        self.point = point
        self.candidate = candidate
        self.previous = previous
        self.label = label
    }

    /// The environment of the hook, beside that of its place. An unknown value is empty, so that a
    /// script under `set -u` can ask for it.
    package func variables(of app: String) -> [String: String] {
        [
            "TEAL_APP": app,
            "TEAL_COLOUR": candidate.colour.rawValue,
            "TEAL_RELEASE": candidate.release.text,
            "TEAL_PREVIOUS_RELEASE": previous?.text ?? "",
            "TEAL_LABEL": label ?? "",
            Self.markName: mark,
            "TEAL_PREVIEW_URL": previewURL ?? "",
        ]
    }
}
