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
