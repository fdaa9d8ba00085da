import BlueGreen
import Orchestration
import TestSupport

/// It draws nothing by chance, so that lives without a wall are the same as without the probe.
extension SimulatedPorts: EdgeProbe {
    func probe(_ service: PlannedService, through target: EdgeTarget) async -> EdgeResult {
        host.with { state in
            guard state.isPowered, !state.isNginxGone else {
                return .brokenEdge(EdgeFault(.silent, "gave no answer", remedy: ""))
            }
            guard let colour = target.colour ?? state.routed else {
                return .brokenEdge(EdgeFault(.unrouted, "has no address", remedy: ""))
            }
            if state.walledOff == colour, state.flaw != .reachesForNginx {
                return .brokenEdge(EdgeFault(.unconnected, "could not connect", remedy: ""))
            }
            return state.serves(colour) ? .passed : .brokenApp(.status(503))
        }
    }
}

extension EdgeTarget {
    fileprivate var colour: Colour? {
        switch self {
        case .live: nil
        case .colour(let colour): colour
        }
    }
}

extension SimulatedHost.State {
    /// Traffic never goes forward to where nginx cannot follow. The way back asks nobody.
    mutating func checkReach(of colour: Colour?) {
        guard let colour, walledOff == colour, let current,
            current.position?.way == .forward, current.candidate.colour == colour
        else { return }
        violations.append("traffic went to \(colour), which nginx cannot reach")
    }
}
