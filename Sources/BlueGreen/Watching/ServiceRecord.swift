/// The restarts of one service, and what is left of its budget.
package struct ServiceRecord: Hashable, Codable, Sendable {
    /// By the watch's own clock, oldest first; those of the window.
    package private(set) var restarts: [Timestamp] = []
    /// By the wall clock; nil while the circuit is closed.
    package private(set) var openSince: Timestamp?
    /// How many restarts there were without a time of health between them.
    private var inARow = 0
    /// Since when all of it is well, by the watch's own clock.
    private var wellSince: Timestamp?

    package init() {}

    func left(_ budget: WatchSettings.RestartBudget, at now: Timestamp) -> Int {
        max(0, budget.atMost - restarts.count { now - $0 < budget.within })
    }

    /// When the next restart may come.
    func next(_ budget: WatchSettings.RestartBudget) -> Timestamp? {
        guard let last = restarts.last, inARow > 0 else { return nil }
        var pause = budget.pause
        for _ in 1..<max(inARow, 1) where pause < budget.longest { pause = pause * 2 }
        return last + min(pause, budget.longest)
    }

    mutating func noteRestart(_ budget: WatchSettings.RestartBudget, at now: Timestamp) {
        restarts = restarts.filter { now - $0 < budget.within } + [now]
        inARow += 1
        wellSince = nil
    }

    mutating func open(wall: Timestamp) {
        openSince = wall
    }

    /// - Returns: whether a circuit was closed.
    mutating func note(
        isWell: Bool, _ budget: WatchSettings.RestartBudget, at now: Timestamp
    ) -> Bool {
        guard isWell else {
            wellSince = nil
            return false
        }
        let since = wellSince ?? now
        wellSince = since
        guard now - since >= budget.resetAfter else { return false }
        inARow = 0
        let wasOpen = openSince != nil
        openSince = nil
        return wasOpen
    }

    /// Nobody has looked for a while, so that it is not known to have been well.
    mutating func forgetHealth() {
        wellSince = nil
    }
}
