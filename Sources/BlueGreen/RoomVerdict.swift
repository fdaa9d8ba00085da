/// The fate of a set, by the room that the host has for it and by `room:`.
package enum RoomVerdict: Hashable, Sendable {
    case fits
    /// `room: warn` asks for it.
    case tried
    /// The known part of it fits, and nothing has traffic that it could harm. The watch on memory
    /// ends the start before memory runs out.
    case triedOnAssumption
    /// The set that has traffic is stopped first.
    case stopsFirst
    case refused
}

extension RoomReport {
    /// Why a set is refused, with its table.
    package var shortage: String { "The set does not fit: it \(summary).\n\(table)" }

    /// - Parameter hasPrevious: whether a set has traffic, which could be stopped first.
    package func verdict(_ policy: RoomPolicy, hasPrevious: Bool) -> RoomVerdict {
        if fits { return .fits }
        return switch policy {
        case .warn: .tried
        case .refuse, .stopFirst:
            if !hasPrevious, failsByAssumption {
                .triedOnAssumption
            } else if policy == .stopFirst, hasPrevious, fitsAlone {
                .stopsFirst
            } else {
                .refused
            }
        }
    }
}
