package import BlueGreen

/// Two truths about an app that do not agree: somebody must look now.
package enum Disagreement: Hashable, Sendable, CustomStringConvertible {
    /// The last deployment ended without a proof of where traffic is.
    case unproven
    /// The link does not tell who has traffic.
    case lostLink(LostLinkFinding)
    /// nginx's folder has lost something beside the link.
    case lostFile(FolderLoss)
    /// The history says that the colour has traffic, and the link names none.
    case noLink(history: Colour)
    /// Nobody has traffic and all containers of the colours are gone, while the history says that the colour has
    /// it: `down` was not finished.
    case halfDown(history: Colour)
    /// The link names a colour without a running container.
    case nothingRuns(Colour)
    case otherActive(history: Placement, found: Placement)
    /// The link names a colour where not all that takes requests is up, and the one that had traffic
    /// by the history is up.
    case movedAway(history: Colour, link: Colour)
    /// Why nginx could not be shown to route as the link says.
    case routing(String)
    /// A service that may run in one colour at a time runs in both.
    case runsTwice(service: String)
    /// Why the history could not be read.
    case unreadableHistory(String)
    /// Containers of colours are there, and no deployment that could have made them is known.
    case noHistory

    /// Whether it is about the history alone. The link, the engine and nginx agree all the same.
    package var isAboutHistory: Bool {
        switch self {
        case .unreadableHistory, .noHistory: true
        case .unproven, .lostLink, .lostFile, .noLink, .halfDown, .nothingRuns, .otherActive,
            .movedAway, .routing, .runsTwice:
            false
        }
    }

    /// Whether the app is half taken down.
    package var isHalfDown: Bool {
        if case .halfDown = self { true } else { false }
    }

    /// Whether nginx itself is what does not follow; the sentence says why, and what to do.
    package var isAboutRouting: Bool {
        if case .routing = self { true } else { false }
    }

    /// Whether it is a move of the link that the next command that writes puts on record, or takes
    /// back.
    package var isUnrecordedMove: Bool {
        switch self {
        case .otherActive, .movedAway: true
        case .unproven, .lostLink, .lostFile, .noLink, .halfDown, .nothingRuns, .routing,
            .runsTwice, .unreadableHistory, .noHistory:
            false
        }
    }

    package var description: String {
        switch self {
        case .unproven:
            "The last deployment ended without a proof of where traffic is."
        case .lostLink(let finding): finding.description
        case .lostFile(let loss): loss.description
        case .noLink(let colour):
            "The history says that \(colour) has traffic, but the link names no colour."
        case .halfDown(let colour):
            "`teal down` was not finished: the containers of both colours are gone and nobody has "
                + "traffic, and the history, which says \(colour), nginx's files or what is shared "
                + "are left."
        case .nothingRuns(let colour):
            "The link names \(colour), but no container of \(colour) runs."
        case .otherActive(let history, let found):
            "The history says that \(history.colour) has traffic with release "
                + "\(history.release), but the link and the containers say \(found.colour) "
                + "with release \(found.release)."
        case .movedAway(let history, let link):
            "The link names \(link), where not all that takes requests is up. By the history "
                + "\(history) has the traffic, and that is up."
        case .routing(let reason):
            reason
        case .runsTwice(let service):
            "\(service) may run in one colour at a time and runs in both."
        case .unreadableHistory(let reason):
            reason
        case .noHistory:
            "The app has containers, and its history is gone: no deployment and no release is "
                + "known, so that there is nothing to roll back to. Put a backup of the state "
                + "folder in its place, or deploy: that begins a new history."
        }
    }

    /// - Parameter problem: why the history could not be read; nil where it was.
    static func about(_ problem: String?, of situation: Situation) -> [Disagreement] {
        if let problem { return [.unreadableHistory(problem)] }
        return situation.hasLostHistory ? [.noHistory] : []
    }

    static func all(in situation: Situation, _ findings: Condition.Findings) -> [Disagreement] {
        var found: [Disagreement] = findings.losses.map { .lostFile($0) }
        let newest = situation.deployments.first
        if let newest, newest.outcome == .unknown, !newest.isKnownToServe {
            found.append(.unproven)
        }
        if let lost = findings.lostLink {
            return [.lostLink(lost)] + found + doubles(in: situation)
        }
        // While a deployment is under way the link may be ahead of the history.
        let isUnderWay = newest.map { $0.outcome == nil } ?? false
        let last =
            isUnderWay ? nil : situation.deployments.first { $0.outcome == .promoted }?.candidate
        guard let live = situation.live else {
            guard let last else { return found }
            // Shared services go last.
            let isEmpty = situation.containers.allSatisfy { $0.placement == nil }
            return found
                + [isEmpty ? .halfDown(history: last.colour) : .noLink(history: last.colour)]
        }
        found += contradictions(of: live, in: situation, findings.health)
        if let routing = findings.routing { found.append(.routing(routing)) }
        return found + doubles(in: situation)
    }

    private static func contradictions(
        of live: Colour, in situation: Situation, _ health: [String: ReplicaHealth]
    ) -> [Disagreement] {
        let isUnderWay = situation.deployments.first?.outcome == nil
        if !isUnderWay, let move = situation.linkMove(health), move.fromServes, !move.toServes {
            return [.movedAway(history: move.from.colour, link: live)]
        }
        let runs = situation.containers.contains { container in
            container.placement?.colour == live && container.state == .running
        }
        let silence: [Disagreement] = runs ? [] : [.nothingRuns(live)]
        let newest = situation.deployments.first
        // One that waits for a person has moved nothing.
        let waiting = newest?.waitsUntil == nil ? nil : newest?.previous
        guard let recorded = newest?.recordedPlacement ?? waiting,
            let active = situation.active, active != recorded
        else { return silence }
        return silence + [.otherActive(history: recorded, found: active)]
    }

    private static func doubles(in situation: Situation) -> [Disagreement] {
        let singletons = situation.singletons
        let running = situation.containers.filter {
            $0.runsOnce(beside: singletons) && $0.state == .running
        }
        let colours = Dictionary(grouping: running, by: \.replica.service)
            .mapValues { Set($0.compactMap { $0.placement?.colour }) }
        return colours.filter { $0.value.count > 1 }.keys.sorted().map { .runsTwice(service: $0) }
    }
}

extension Deployment {
    /// Traffic is known, and the replicas tell how they are: of a set that did not come back whole,
    /// or of a first release that does not stay up.
    fileprivate var isKnownToServe: Bool {
        owed.contains(.servingReplica) || isIllFirst
    }
}

extension LostLinkFinding: CustomStringConvertible {
    package var description: String {
        switch verdict {
        case .had(let colour): "\(lost) \(colour) had the traffic last."
        case .nobodyHad: "\(lost) nginx sends nobody's requests anywhere."
        case .untold(let reason): "\(lost) Nobody can tell who had traffic: \(reason)."
        }
    }
}
