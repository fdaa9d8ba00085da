package import BlueGreen

extension DeploymentSettings {
    /// The usual ones, but for what is named.
    package init(
        startPause: Duration? = nil, startAtMost: Duration? = nil, settle: SettleBounds? = nil,
        room: RoomPolicy? = nil, drain: Duration? = nil, previous: PreviousColour? = nil,
        releases: Int? = nil, hooks: Hooks? = nil, bake: Bake? = nil, canary: Canary? = nil,
        promotion: Promotion? = nil
    ) {
        self.init()
        if let startPause { self.startPause = startPause }
        if let startAtMost { self.startAtMost = startAtMost }
        if let settle { self.settle = settle }
        if let room { self.room = room }
        if let drain { self.drain = drain }
        if let previous { self.previous = previous }
        if let releases { self.releases = releases }
        if let hooks { self.hooks = hooks }
        if let bake { self.bake = bake }
        if let canary { self.canary = canary }
        if let promotion { self.promotion = promotion }
    }
}
