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
    package let hooks: Hooks
    package let bake: Bake
    package let canary: Canary
    package let promotion: Promotion

    package init(
        startPause: Duration = .seconds(3), startAtMost: Duration = .seconds(60),
        settle: SettleBounds = SettleBounds(), room: RoomPolicy = .refuse,
        drain: Duration = .seconds(30), previous: PreviousColour = .running, releases: Int = 5,
        hooks: Hooks = Hooks(), bake: Bake = .none, canary: Canary = Canary(),
        promotion: Promotion = .auto
    ) {
        self.startPause = startPause
        self.startAtMost = startAtMost
        self.settle = settle
        self.room = room
        self.drain = drain
        self.previous = previous
        self.releases = releases
        self.hooks = hooks
        self.bake = bake
        self.canary = canary
        self.promotion = promotion
    }
}

extension DeploymentSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case startPause, startAtMost, settle, room, drain, previous, releases, hooks
        case bake, canary, promotion
    }

    /// Records of before the host was looked at, hooks were run or a candidate was watched have no
    /// word on it.
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
        hooks = try record.decodeIfPresent(Hooks.self, forKey: .hooks) ?? defaults.hooks
        bake = try record.decodeIfPresent(Bake.self, forKey: .bake) ?? defaults.bake
        canary = try record.decodeIfPresent(Canary.self, forKey: .canary) ?? defaults.canary
        promotion =
            try record.decodeIfPresent(Promotion.self, forKey: .promotion) ?? defaults.promotion
    }

    /// What is not asked for is written as it was before there was any of it.
    package func encode(to encoder: any Encoder) throws {
        var record = encoder.container(keyedBy: CodingKeys.self)
        try record.encode(startPause, forKey: .startPause)
        try record.encode(startAtMost, forKey: .startAtMost)
        try record.encode(settle, forKey: .settle)
        try record.encode(room, forKey: .room)
        try record.encode(drain, forKey: .drain)
        try record.encode(previous, forKey: .previous)
        try record.encode(releases, forKey: .releases)
        if !hooks.isEmpty { try record.encode(hooks, forKey: .hooks) }
        if bake.duration > .zero { try record.encode(bake, forKey: .bake) }
        if !canary.steps.isEmpty { try record.encode(canary, forKey: .canary) }
        if promotion != .auto { try record.encode(promotion, forKey: .promotion) }
    }
}
