import BlueGreen
import TestSupport

/// A link that somebody moves by hand.
extension SimulatedHost.State {
    /// In `live` mode nginx follows at once.
    mutating func moveLink() {
        guard mustServe, !isLinkLost, canary == nil, let present = live, present == routed else {
            return
        }
        // What an earlier move has done is his own fault still.
        guard movedTo == nil || serves(present) else { return }
        live = present.other
        linkMadeAt = now
        watchedUntil = nil
        movedTo = present.other
        if !needsReload { routed = present.other }
    }

    /// Only where somebody could want it: the set there serves.
    mutating func moveLinkInBake() {
        guard let rate = moveRate, persons.isOne(in: rate), let current, current.outcome == nil,
            case .watch(.bake) = current.position?.stage, live == current.candidate.colour,
            serves(current.candidate.colour.other)
        else { return }
        moveLink()
        if movedTo != nil { overruled.insert(current.number) }
    }

    /// To where nobody serves, before the candidate has traffic: a mistake, which the run puts right.
    mutating func moveLinkToNobody() {
        guard isUnderWay, let rate = mistakeRate, mistakes.isOne(in: rate), let current,
            current.outcome == nil,
            let position = current.position, position.way == .forward,
            !current.facts.has(.exposed), !current.facts.has(.madeRoom),
            let live, live == current.previous?.colour, !serves(live.other)
        else { return }
        moveLink()
    }

    /// A move that still stands, where nginx has not followed it or something fails.
    func hasUnjudgedMove(_ routed: Colour?) -> Bool {
        guard let movedTo else { return false }
        return movedTo.other == routed || faultRate != nil || trouble.engineRate != nil
    }

    /// Whether visitors have nobody else, but for a link that was moved away from it.
    func isOnlyServer(_ container: SimulatedContainer) -> Bool {
        guard mustServe, let movedTo, live == movedTo, container.colour == movedTo.other else {
            return false
        }
        return container.service.role == .exposed && isHealthy(container) && !serves(movedTo)
    }
}

/// A link that vanishes under a serving app.
extension SimulatedHost.State {
    /// The acts that need to know who has traffic.
    private static let linked: Set = [
        "arm", "rename", "divert", "prepare", "start", "stop", "stop singletons", "remove",
    ]

    mutating func loseLink() {
        // Nobody could tell that it was moved before.
        guard mustServe, live != nil, movedTo == nil else { return }
        isLinkLost = true
    }

    /// In the middle of whatever a run does.
    mutating func loseLinkInRun() {
        guard !isLinkLost, let rate = lossRate, accidents.isOne(in: rate) else { return }
        loseLink()
        isLinkLostInRun = isLinkLost
    }

    mutating func linkIsMade() {
        linkMadeAt = now
        if isLinkLostInRun { isLinkLost = false }
        isLinkLostInRun = false
    }

    mutating func checkLink(before act: String) {
        guard isLinkLost, Self.linked.contains(act) else { return }
        // The candidate's own containers disturb nobody, and the next step sees the loss. A run
        // that moves traffic makes the link anew, by what it knows itself.
        if isLinkLostInRun, ["start", "rename"].contains(act) { return }
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
        isLinkLostInRun = false
        live = colour
        linkMadeAt = now
        canary = nil
        watchedUntil = nil
        if needsReload { return }
        routed = colour
        canaryRouted = nil
    }
}
