import BlueGreen

/// A link that names another colour than the newest record: traffic was moved and that could not be
/// written down, or a person moved the link.
struct LinkMove: Hashable, Sendable {
    /// The placement that has traffic by the newest record.
    let from: Placement
    /// The colour that the link names.
    let to: Colour
    /// Whether each exposed service of `from` runs.
    let fromServes: Bool
    /// Whether each exposed service of the release in `to` runs.
    let toServes: Bool
}

extension Situation {
    /// nil where link and history agree, or where the history tells nothing of it.
    var linkMove: LinkMove? {
        guard let live, let from = deployments.first?.place(beside: live), from.colour != live
        else { return nil }
        return LinkMove(
            from: from, to: live, fromServes: serves(from),
            toServes: active.map(serves) ?? false)
    }

    /// Whether each of its exposed services has a container that runs.
    func serves(_ placement: Placement) -> Bool {
        let running = containers(of: placement)
            .filter { $0.role == .exposed && $0.state == .running }
        let exposed = (services(of: placement) ?? []).filter { $0.role == .exposed }
        return !running.isEmpty
            && exposed.allSatisfy { service in
                running.contains { $0.replica.service == service.name }
            }
    }
}

extension Deployment {
    /// Where it left traffic; nil before its end, and where that ended unknown or with nobody.
    var recordedPlacement: Placement? {
        switch outcome {
        case .promoted: candidate
        case .aborted, .rolledBack: previous
        case .unknown, nil: nil
        }
    }

    /// The placement that traffic may be on instead of the colour that the link names. One under
    /// way has brought it to either side; nil where that is not known, and where its own way back
    /// tells more than a mere move.
    func place(beside live: Colour) -> Placement? {
        guard outcome == nil else { return recordedPlacement }
        // An app's first one has one colour alone.
        if previous == nil { return candidate }
        guard position?.way == .forward else { return nil }
        guard live == candidate.colour else { return candidate }
        // A set that made room and runs again was brought back.
        return hasMovedNothing || kind != .deploy || facts.has(.madeRoom) ? previous : nil
    }
}
