import BlueGreen
import Orchestration

/// The edges of a swarm, a line for each.
struct EdgeTable {
    private static let head = ["node", "address", "colour", "epoch", "memory", "confirmed"]

    let text: String

    init(_ overview: EdgeOverview) {
        let rows = overview.edges.map(Self.row)
        let failures = overview.edges.compactMap { edge in
            edge.failure.map { "\(edge.node): \($0)" }
        }
        let sentence = Traffic.sentence(
            overview.division.colour, Self.canary(overview) + " by epoch \(overview.epoch)")
        let lines = [sentence] + TextTable([Self.head] + rows).lines + failures
        text = lines.map { $0 + "\n" }.joined()
    }

    private static func row(_ edge: EdgeOverview.Edge) -> [String] {
        [
            edge.node, edge.address, edge.division.map(word) ?? "-",
            edge.epoch.map { "\($0)" } ?? "-", edge.memory?.text ?? "-",
            edge.absence.map { edge.isForgotten ? "\($0), and forgotten" : $0 }
                ?? confirmation(edge),
        ]
    }

    private static func canary(_ overview: EdgeOverview) -> String {
        guard case .share(let share, let colour) = overview.division else { return "" }
        return ", and \(share.preciseText) of it on \(colour),"
    }

    /// `blue`, `10% green`
    private static func word(_ division: Division) -> String {
        switch division {
        case .nobody: "nobody"
        case .all(let colour): colour.rawValue
        case .share(let share, let colour): "\(share.preciseText) \(colour)"
        }
    }

    private static func confirmation(_ edge: EdgeOverview.Edge) -> String {
        guard let at = edge.confirmedAt else { return "no" }
        return edge.isConfirmed ? at.rfc3339 : "no, at \(at.rfc3339) another epoch"
    }
}
