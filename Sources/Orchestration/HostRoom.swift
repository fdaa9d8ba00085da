package import BlueGreen

/// What the host has left of memory, and whether another set of the active release would fit.
package enum HostRoom: Sendable {
    /// The report is nil where no release has traffic.
    case seen(HostSample, RoomReport?)
    /// Why it could not be looked at.
    case unseen(String)

    /// - Parameter reserve: memory that must stay free.
    /// - Throws: nothing but `CancellationError`.
    static func look(
        _ ports: Ports, at situation: Situation, _ services: [PlannedService],
        reserve: ByteCount
    ) async throws -> HostRoom {
        do {
            var report: RoomReport?
            if let active = situation.active {
                report = try await RoomLook(ports).report(
                    services, candidate: situation.nextPlacement(at: ports.clock.now),
                    previous: active, reserve: reserve)
            }
            return .seen(try await ports.gauge.sample(), report)
        } catch let error where !(error is CancellationError) {
            return .unseen("\(error)")
        }
    }
}

extension Situation {
    /// Where a release that is deployed at this moment would go. Its id stands for one that no
    /// container has.
    package func nextPlacement(at now: Timestamp) -> Placement {
        Placement(
            colour: live?.other ?? .blue, release: ReleaseID(at: now, entropy: 0))
    }
}
