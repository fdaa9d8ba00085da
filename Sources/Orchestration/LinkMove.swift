import BlueGreen

/// A link that names another colour than the newest record: traffic was moved and that could not be
/// written down, or a person moved the link.
struct LinkMove: Hashable, Sendable {
    /// The placement that has traffic by the newest record.
    let from: Placement
    /// The colour that the link names.
    let to: Colour
    /// Whether each exposed service of `from` is up.
    let fromServes: Bool
    /// Whether each exposed service of the release in `to` is up.
    let toServes: Bool
}

extension Situation {
    /// - Parameter health: by container id; one that is not named is up if it runs.
    /// - Returns: nil where link and history agree, or where the history tells nothing of it.
    func linkMove(_ health: [String: ReplicaHealth]) -> LinkMove? {
        guard let live, let from = deployments.first?.place(beside: live), from.colour != live
        else { return nil }
        return LinkMove(
            from: from, to: live, fromServes: serves(from, health),
            toServes: active.map { serves($0, health) } ?? false)
    }

    /// Whether each of its exposed services has a container that runs and is not unhealthy.
    func serves(_ placement: Placement, _ health: [String: ReplicaHealth]) -> Bool {
        let running = containers(of: placement).filter {
            $0.role == .exposed && $0.state == .running && !(health[$0.id]?.isBad ?? false)
        }
        let exposed = (services(of: placement) ?? []).filter { $0.role == .exposed }
        return !running.isEmpty
            && exposed.allSatisfy { service in
                running.contains { $0.replica.service == service.name }
            }
    }
}

extension Situation {
    /// Probes what takes requests in both colours once.
    ///
    /// - Returns: by container id.
    /// - Throws: nothing but `CancellationError`.
    func exposedHealth(_ ports: Ports) async throws -> [String: ReplicaHealth] {
        let known = (services(of: active) ?? []) + (services(of: idle) ?? [])
        return try await ReplicaHealth.look(
            at: containers.filter { $0.role == .exposed && $0.state == .running }, known, ports)
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
