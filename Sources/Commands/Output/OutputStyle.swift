/// How progress is shown to whoever reads standard error.
package enum OutputStyle: Hashable, Sendable {
    /// A live view, rewritten in place.
    case terminal(Colours)
    /// One line with its time per event.
    case plain
    /// The same, in the groups and annotations of a GitHub Actions job.
    case actions

    package enum Colours: Hashable, Sendable {
        case on
        case off
    }

    /// - Parameter isTerminal: whether standard error is one.
    package init(environment: [String: String], isTerminal: Bool) {
        let terminal = environment["TERM"] ?? ""
        if environment["GITHUB_ACTIONS"] == "true" {
            self = .actions
        } else if isTerminal, !terminal.isEmpty, terminal != "dumb" {
            // https://no-color.org: any value but an empty one.
            self = .terminal((environment["NO_COLOR"] ?? "").isEmpty ? .on : .off)
        } else {
            self = .plain
        }
    }
}
