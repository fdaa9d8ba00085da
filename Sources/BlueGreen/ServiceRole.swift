/// What a service of the compose file is to a deployment.
package enum ServiceRole: String, Codable, CaseIterable, Sendable {
    /// One set per colour, probed, and reached through nginx.
    case exposed
    /// One set per colour, reached by name inside its colour only.
    case `internal`
    /// One for both colours; started if missing, otherwise left alone.
    case shared
    /// Runs in one colour at a time: a queue consumer, a scheduler. Handed over after the switch.
    case singleton
}
