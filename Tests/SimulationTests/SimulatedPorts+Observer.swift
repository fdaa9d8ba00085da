import BlueGreen
import Orchestration

extension SimulatedPorts: TrafficObserver {
    func begin(until: Timestamp) async throws -> [String] {
        try host.act("watch") { state in
            state.watchedUntil = until
            state.looks = 0
        }
        return []
    }

    /// A hundred visitors more for each look, divided as the workers do.
    func look() async throws -> [Colour: RequestFigures] {
        try host.act("look") { state in
            guard let end = state.watchedUntil, state.now <= end, !state.isNginxGone,
                let live = state.routed
            else { return [:] }
            state.looks += 1
            state.moveLinkInBake()
            state.loseLinkInRun()
            let visitors = state.looks * 100
            let diverted = state.canaryRouted.map { Int(Double(visitors) * $0.fraction) } ?? 0
            return [
                live: state.figures(visitors - diverted, of: live),
                live.other: state.figures(diverted, of: live.other),
            ]
        }
    }

    func end() async throws {
        try host.act("end watch") { $0.watchedUntil = nil }
    }
}

extension SimulatedHost.State {
    fileprivate func figures(_ requests: Int, of colour: Colour) -> RequestFigures {
        let release = containers.first { $0.colour == colour && $0.isRunning }?.placement.release
        let isFaulty = release.map { quality[$0] == .faulty } ?? false
        return RequestFigures(
            requests: requests,
            errors: isFaulty && flaw != .countsNoErrors ? requests / 2 : 0,
            p50: .milliseconds(10), p95: .milliseconds(50), p99: .milliseconds(90))
    }
}
