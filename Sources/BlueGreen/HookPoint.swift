/// Where on a deployment's way hooks are run; the raw value is the key of `teal.yml`.
package enum HookPoint: String, Codable, CaseIterable, Sendable {
    /// On the host first of all; in a service once images and shared services are there and nothing
    /// else of the release runs.
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
