import BlueGreen

/// A link that vanishes under a serving app.
extension SimulatedHost.State {
    /// The acts that need to know who has traffic.
    private static let linked: Set = [
        "arm", "rename", "divert", "prepare", "start", "stop", "stop singletons", "remove",
    ]

    mutating func loseLink() {
        guard mustServe, live != nil else { return }
        isLinkLost = true
    }

    mutating func checkLink(before act: String) {
        guard isLinkLost, Self.linked.contains(act) else { return }
        violations.append("\(act) was done while the link was lost")
    }

    /// nginx follows the link; with a reload it has never seen that it was lost.
    mutating func putBackLink(to colour: Colour?) {
        if !isLinkLost { violations.append("a link was put back that was not lost") }
        // A promotion that found no room for its record is known to nobody.
        let recorded = current.flatMap { deployments[$0.number]?.outcome }
        if recorded == .promoted, colour != live {
            violations.append("the link was put back to a colour that had no traffic")
        }
        isLinkLost = false
        live = colour
        linkMadeAt = now
        canary = nil
        watchedUntil = nil
        if needsReload { return }
        routed = colour
        canaryRouted = nil
    }
}
