/// The colour that had traffic, as far as a record tells it.
package enum RecordedTraffic: Hashable, Sendable {
    case on(Colour)
    case nobody
    case untold
}

extension Deployment {
    /// Whether a colour of the app may have had requests by now, in this deployment or before it.
    package var mayHaveHadTraffic: Bool {
        if previous != nil { return true }
        switch outcome {
        case .promoted, .rolledBack, .unknown: return true
        case .aborted, nil:
            return facts.has(.diverted) || facts.has(.exposed) || facts.has(.switched)
        }
    }

    /// Whether it was promoted, and traffic is elsewhere by now.
    package func isOvertaken(live: Colour?) -> Bool {
        guard outcome == .promoted, let live else { return false }
        return live != candidate.colour
    }

    /// Whether its record says for sure that it has not moved traffic yet. A rollback goes on
    /// without a record, so that none of its own says so.
    package var hasMovedNothing: Bool {
        guard kind == .deploy, let position, position.way == .forward, !facts.has(.madeRoom),
            !facts.has(.diverted), !facts.has(.exposed)
        else { return false }
        return order.resolved == nil || position.remaining.contains(.route(.all(candidate.colour)))
    }

    /// The word of the last save on traffic. Where a switch may have happened since, it is the
    /// colour of before: it runs still, and a recovery goes on from there.
    package var recordedTraffic: RecordedTraffic {
        let before = previous.map { RecordedTraffic.on($0.colour) } ?? .nobody
        switch outcome {
        case .promoted: return .on(candidate.colour)
        case .aborted, .rolledBack: return before
        case .unknown: return .untold
        case nil: break
        }
        guard let position else { return .untold }
        switch position.way {
        case .forward:
            if !isBeforeSwitch(position) { return .on(candidate.colour) }
            return facts.has(.madeRoom) ? .nobody : before
        case .back:
            let returned = Stage.route(Division(previous?.colour))
            let isAway = position.stage == returned || position.remaining.contains(returned)
            return facts.has(.madeRoom) && isAway ? .nobody : before
        }
    }
}
