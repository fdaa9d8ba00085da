import BlueGreen

/// Writes down a move of traffic that no record tells of: that of a rollback on a full disk, or of
/// a link that a person moved. Else a rollback would go by a history that is not true.
struct RecordMending: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// Goes by the link, the containers and nginx's workers. Where these do not agree the history
    /// stays as it is.
    ///
    /// - Returns: what is written down now; nil where nothing was missing, or could be.
    func mend() async throws -> Deployment? {
        try await closeOvertaken()
        guard try await isInDoubt() else { return nil }
        let situation = try await Situation.observe(ports)
        guard let order = situation.unrecordedMove(try await situation.exposedHealth(ports)) else {
            return nil
        }
        let found = Deployment(found: order, at: ports.clock.now)
        do {
            try await ports.router.confirm(.all(order.candidate.colour))
            try await ports.store.save(found)
        } catch let error where !(error is CancellationError) {
            ports.reporter.report(
                .warning(
                    "\(order.candidate.colour) has traffic, which the history does not say, and "
                        + "that could not be put right: \(error)"))
            return nil
        }
        for warning in found.warnings { ports.reporter.report(.warning(warning.message)) }
        return found
    }

    /// A deployment that a newer one began after is over.
    private func closeOvertaken() async throws {
        let recent = try await ports.store.deployments(limit: OwedWorkers.depth)
        for (next, older) in zip(recent, recent.dropFirst()) where older.outcome == nil {
            var closed = older
            closed.close(before: next, at: ports.clock.now)
            do {
                try await ports.store.save(closed)
            } catch let error where !(error is CancellationError) {
                ports.reporter.report(
                    .warning(
                        "Deployment \(older.number) is over, and that could not be written down: "
                            + "\(error)"))
            }
        }
    }

    /// Costs one record and a look at the containers.
    private func isInDoubt() async throws -> Bool {
        guard
            let recorded = try await ports.store.deployments(limit: 1).first?.recordedPlacement,
            case .all(let live) = try await ports.router.traffic().division
        else { return false }
        if live != recorded.colour { return true }
        let placements = try await ports.engine.containers().compactMap(\.placement)
        return placements.contains { $0.colour == live } && !placements.contains(recorded)
    }
}

extension Situation {
    /// The deployment that must have moved traffic away from where the newest record left it, also
    /// by way of the other colour. nil where there was none, or where the release that has traffic
    /// is not all up.
    func unrecordedMove(_ health: [String: ReplicaHealth]) -> Order? {
        guard let newest = deployments.first, newest.outcome != nil,
            let recorded = newest.recordedPlacement, let active, active != recorded,
            active.colour != recorded.colour || containers(of: recorded).isEmpty,
            serves(active, health), let services = services(of: active)
        else { return nil }
        var settings = newest.settings
        // Nobody has asked for the other set to go.
        settings.previous = .running
        let origin = idle ?? (active.colour == recorded.colour ? nil : recorded)
        return Order(
            number: newest.number + 1, kind: .warmRollback, candidate: active,
            label: releases.first { $0.id == active.release }?.label, previous: origin,
            services: services, previousServices: self.services(of: origin), settings: settings)
    }
}
