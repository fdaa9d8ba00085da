/// What becomes of the previous colour once it has drained.
package enum PreviousColour: String, Codable, CaseIterable, Sendable {
    case running
    case stopped
    case removed
}

/// The waits and the ending that `teal.yml` asks for.
package struct DeploymentSettings: Hashable, Codable, Sendable {
    /// At least this long between the starts of two containers.
    package var startPause = Duration.seconds(3)
    /// How long Teal waits for the host to settle between two starts, once the pause is over and
    /// the last container is up; zero for not at all.
    package var startAtMost = Duration.seconds(60)
    package var settle = SettleBounds()
    package var room = RoomPolicy.refuse
    /// How long requests in flight to the previous colour may take to end.
    package var drain = Duration.seconds(30)
    package var previous = PreviousColour.running
    /// How many releases are kept to roll back to; at least 2.
    package var releases = 5
    package var hooks = Hooks()
    package var bake = Bake.none
    package var canary = Canary()
    package var promotion = Promotion.auto

    package init() {}
}
