import BlueGreen
import Orchestration

@testable import DockerSwarm

/// Holds the edges against the word of those who ended deployments, and against the record.
struct SwarmJudge: Sendable {
    let swarm: SimulatedSwarm

    func violate(_ what: String) {
        swarm.host.with { $0.violations.append(what) }
    }

    /// A told end is one of all edges that nobody has forgotten.
    func judge(_ ended: Deployment) {
        let colour: Colour?
        switch ended.outcome {
        case .promoted: colour = ended.candidate.colour
        case .rolledBack: colour = ended.previous?.colour
        case .aborted, .unknown, nil: return
        }
        for node in swarm.with({ $0.nodes }) where !node.isForgotten {
            if node.workers.division != Division(colour) {
                violate(
                    "\(ended.outcome?.rawValue ?? "") to \(colour?.rawValue ?? "nobody"), "
                        + "but \(node.name) divides as \(node.workers.division)")
            }
        }
    }

    /// The network is whole and a run has taken up everything: all edges are as the record is.
    func judgePeace(_ edges: SwarmEdges, _ store: any DeploymentStore) async throws {
        guard let (_, state) = try await edges.recorded() else { return }
        for node in swarm.with({ $0.nodes }) {
            let wanted = SimulatedNode.Files(
                isWritten: true, division: state.division, table: state.table)
            if node.workers != wanted || node.disk != wanted {
                violate("\(node.name) runs on \(node.workers), and the record is \(wanted)")
            }
        }
        if state.division.share != nil { violate("a canary has no end") }
        guard let newest = try await store.deployments(limit: 1).first,
            newest.outcome != nil, case .on(let colour) = newest.recordedTraffic
        else { return }
        if state.division.colour != colour {
            violate("\(colour) is on record, and the edges' record says \(state.division)")
        }
    }
}
