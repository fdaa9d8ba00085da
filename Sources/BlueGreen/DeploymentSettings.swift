/// What becomes of the previous colour once it has drained.
package enum PreviousColour: String, Codable, CaseIterable, Sendable {
    case running
    case stopped
    case removed
}

/// The waits and the ending that `teal.yml` asks for.
package struct DeploymentSettings: Hashable, Codable, Sendable {
    /// At least this long between the starts of two services.
    package let startPause: Duration
    /// How long requests in flight to the previous colour may take to end.
    package let drain: Duration
    package let previous: PreviousColour
    /// How many releases are kept to roll back to; at least 2.
    package let releases: Int

    package init(
        startPause: Duration = .seconds(3), drain: Duration = .seconds(30),
        previous: PreviousColour = .running, releases: Int = 5
    ) {
        self.startPause = startPause
        self.drain = drain
        self.previous = previous
        self.releases = releases
    }
}
