/// How progress is shown to the reader of standard error.
package enum OutputStyle: Hashable, Sendable {
    /// A live view, rewritten in place.
    case terminal(Colours)
    case lines(LineReporter.Format)

    package enum Colours: Hashable, Sendable {
        case on
        case off
    }

    /// - Parameter isTerminal: whether standard error is one.
    package init(environment: [String: String], isTerminal: Bool) {
        let terminal = environment["TERM"] ?? ""
        if environment["GITHUB_ACTIONS"] == "true" {
            self = .lines(.actions)
        } else if isTerminal, !terminal.isEmpty, terminal != "dumb" {
            // https://no-color.org: any value but an empty one.
            self = .terminal((environment["NO_COLOR"] ?? "").isEmpty ? .on : .off)
        } else {
            self = .lines(.plain)
        }
    }
}
