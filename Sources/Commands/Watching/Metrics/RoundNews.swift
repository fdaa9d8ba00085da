import BlueGreen
import Orchestration

/// Counts the rounds of an app that found something new. Times and counters that grow with every
/// round are nothing new.
struct RoundNews: Sendable {
    private(set) var number = 0
    private var picture = 0

    mutating func take(_ report: ProbeReport) {
        let (picture, hasEvents) = Self.picture(of: report)
        guard picture != self.picture || hasEvents else { return }
        self.picture = picture
        number += 1
    }

    private static func picture(of report: ProbeReport) -> (hash: Int, hasEvents: Bool) {
        var hasher = Hasher()
        switch report {
        case .busy(let app): hasher.combine(app)
        case .failed(_, let reason): hasher.combine(reason)
        case .round(_, let round, _):
            let (record, sight) = (round.record, round.sight)
            hasher.combine(record.replicas.mapValues { [$0.verdict == .starting, $0.isBad] })
            hasher.combine(record.services)
            hasher.combine(record.illness)
            hasher.combine(record.brokenEdges)
            hasher.combine(record.hold)
            hasher.combine(sight.traffic)
            hasher.combine(sight.occupant)
            for container in sight.situation?.containers ?? [] {
                hasher.combine(container.id)
                hasher.combine(container.state)
            }
            hasher.combine(round.unclear)
            hasher.combine(round.unkept)
            return (hasher.finalize(), !round.decision.events.isEmpty)
        }
        return (hasher.finalize(), false)
    }
}
