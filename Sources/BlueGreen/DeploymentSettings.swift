/// What becomes of the previous colour once it has drained.
package enum PreviousColour: String, Codable, CaseIterable, Sendable {
    case running
    case stopped
    case removed
}

/// The waits and the ending that `teal.yml` asks for.
package struct DeploymentSettings: Hashable, Sendable {
    /// At least this long between the starts of two containers.
    package let startPause: Duration
    /// How long Teal waits for the host to settle between two starts, once the pause is over and
    /// the last container is up; zero for not at all.
    package let startAtMost: Duration
    package let settle: SettleBounds
    package let room: RoomPolicy
    /// How long requests in flight to the previous colour may take to end.
    package let drain: Duration
    package let previous: PreviousColour
    /// How many releases are kept to roll back to; at least 2.
    package let releases: Int

    package init(
        startPause: Duration = .seconds(3), startAtMost: Duration = .seconds(60),
        settle: SettleBounds = SettleBounds(), room: RoomPolicy = .refuse,
        drain: Duration = .seconds(30), previous: PreviousColour = .running, releases: Int = 5
    ) {
        self.startPause = startPause
        self.startAtMost = startAtMost
        self.settle = settle
        self.room = room
        self.drain = drain
        self.previous = previous
        self.releases = releases
    }
}

extension DeploymentSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case startPause, startAtMost, settle, room, drain, previous, releases
    }

    /// Records of before the host was looked at have no word on it.
    package init(from decoder: any Decoder) throws {
        let record = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = DeploymentSettings()
        startPause = try record.decode(Duration.self, forKey: .startPause)
        startAtMost =
            try record.decodeIfPresent(Duration.self, forKey: .startAtMost) ?? defaults.startAtMost
        settle =
            try record.decodeIfPresent(SettleBounds.self, forKey: .settle) ?? defaults.settle
        room = try record.decodeIfPresent(RoomPolicy.self, forKey: .room) ?? defaults.room
        drain = try record.decode(Duration.self, forKey: .drain)
        previous = try record.decode(PreviousColour.self, forKey: .previous)
        releases = try record.decode(Int.self, forKey: .releases)
    }
}
