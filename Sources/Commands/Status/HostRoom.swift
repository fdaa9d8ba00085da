import BlueGreen
import Orchestration

/// What the host has left of memory, and whether another set of the active release would fit.
enum HostRoom: Sendable {
    /// The report is nil where no release has traffic.
    case seen(HostSample, RoomReport?)
    /// Why it could not be looked at.
    case unseen(String)

    /// - Parameter reserve: what must stay free.
    static func look(
        _ ports: Ports, at situation: Situation, _ services: [PlannedService],
        reserve: ByteCount
    ) async -> HostRoom {
        do {
            var report: RoomReport?
            if let active = situation.active {
                report = try await RoomLook(ports).report(
                    services, candidate: situation.nextPlacement(at: ports.clock.now),
                    previous: active, reserve: reserve)
            }
            return .seen(try await ports.gauge.sample(), report)
        } catch {
            return .unseen("\(error)")
        }
    }

    /// `room: memory 412M of 983M available, swap 0K; another set of this release needs 260M:
    /// fits`.
    var text: String {
        switch self {
        case .unseen(let reason): "room: unknown, since it could not be looked at: \(reason)"
        case .seen(let sample, let report):
            "room: memory \(sample.memoryAvailable.text) of \(sample.memoryTotal.text) available, "
                + "swap \(sample.swapFree.shortText)"
                + (report.map { "; \(Self.verdict(of: $0))" } ?? "")
        }
    }

    private static func verdict(of report: RoomReport) -> String {
        let freed = report.freed > .zero ? ", \(report.freed.text) are freed first" : ""
        let verdict =
            if report.fits {
                "fits"
            } else if report.fitsAlone {
                "fits only in the place of this one (\(report.reserve.text) must stay free)"
            } else {
                "does not fit (\(report.reserve.text) must stay free)"
            }
        return "another set of this release needs \(report.needed.text)\(freed): \(verdict)"
    }
}

extension Situation {
    /// Where a release that is deployed at this moment would go. Its id stands for one that no
    /// container has.
    func nextPlacement(at now: Timestamp) -> Placement {
        Placement(
            colour: live?.other ?? .blue, release: ReleaseID(at: now, entropy: 0))
    }
}
