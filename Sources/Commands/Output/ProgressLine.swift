import BlueGreen
package import Orchestration

/// What one event of a run says, in a line, whoever shows it.
package struct ProgressLine: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A new phase begins.
        case phase
        case note
        case warning
        /// An outside program's own line.
        case output
    }

    package let kind: Kind
    package let text: String

    /// Most events are one line; a warning may have several.
    package static func lines(for event: ProgressEvent) -> [ProgressLine] {
        switch event {
        case .began(let deployment):
            [ProgressLine(kind: .note, text: beginning(of: deployment))]
        case .entered(.finished):
            // The line about its end says more.
            []
        case .entered(let phase):
            [ProgressLine(kind: .phase, text: phase.name)]
        case .room(let report):
            [ProgressLine(kind: .note, text: "room: the set \(report.summary)")]
        case .starting(let replica):
            [ProgressLine(kind: .note, text: "starting \(replica)")]
        case .leftAlone(let replica):
            [ProgressLine(kind: .note, text: "\(replica) runs already and is left alone")]
        case .up(let replica, let duration):
            [ProgressLine(kind: .note, text: "\(replica) is up after \(duration.text)")]
        case .settling(let strains):
            [
                ProgressLine(
                    kind: .note,
                    text: "waiting for the host: "
                        + strains.map(\.text).joined(separator: "; "))
            ]
        case .waiting(let replica, let failure):
            [ProgressLine(kind: .note, text: waiting(for: replica, failure))]
        case .draining(let colour, let remaining):
            [ProgressLine(kind: .note, text: draining(colour, remaining))]
        case .observed(let stage, let observation, let deployment, _):
            [ProgressLine(kind: .note, text: observed(stage, observation, deployment))]
        case .awaitingPromotion(let deployment):
            [ProgressLine(kind: .note, text: "\(deployment.candidate.colour) waits for promotion")]
        case .note(let text):
            SafeLine.lines(text).map { ProgressLine(kind: .note, text: $0) }
        case .warning(let text):
            SafeLine.lines(text).map { ProgressLine(kind: .warning, text: $0) }
        case .output(let text):
            [ProgressLine(kind: .output, text: SafeLine.foreign(text))]
        case .finished(let deployment):
            [ProgressLine(kind: .note, text: ending(of: deployment))]
        }
    }

    private static func beginning(of deployment: Deployment) -> String {
        let candidate = deployment.candidate
        let release = "\(candidate.release)" + (deployment.label.map { " (\($0))" } ?? "")
        let act =
            switch deployment.kind {
            case .deploy: "deploying release \(release) to \(candidate.colour)"
            case .warmRollback:
                "warm rollback: release \(release) still runs in \(candidate.colour), "
                    + "traffic moves at once"
            case .coldRollback:
                "cold rollback: release \(release) is started again in \(candidate.colour) first"
            }
        let previous =
            deployment.previous.map { "; \($0.colour) has traffic (release \($0.release))" }
            ?? "; nothing has traffic yet"
        return SafeLine.own("deployment \(deployment.number): \(act)\(previous)")
    }

    private static func ending(of deployment: Deployment) -> String {
        let took = deployment.finishedAt.map { " after " + ($0 - deployment.startedAt).text } ?? ""
        let end =
            switch deployment.outcome {
            case .promoted: "promoted"
            case .aborted: "aborted"
            case .rolledBack: "rolled back"
            case .unknown: "unknown"
            case nil: deployment.phase.name
            }
        return "deployment \(deployment.number) ended: \(end)\(took)"
    }

    private static func waiting(for replica: Replica, _ failure: ProbeFailure?) -> String {
        guard let failure else { return "waiting for \(replica)" }
        return SafeLine.own("waiting for \(replica): it \(failure)")
    }

    private static func observed(
        _ stage: ObservationStage, _ observation: Observation, _ deployment: Deployment
    ) -> String {
        guard let figures = observation.candidate else { return "\(stage.name): no figures" }
        return "\(stage.name): \(deployment.candidate.colour) answered \(figures.requests) "
            + "requests, \(figures.errors) with a 5xx, p95 \(figures.p95.text)"
    }

    private static func draining(_ colour: Colour, _ remaining: RemainingTraffic) -> String {
        let connections =
            remaining.connections == 1 ? "1 connection" : "\(remaining.connections) connections"
        let workers =
            switch remaining.oldWorkers {
            case 0: ""
            case 1: " and 1 nginx worker of before"
            default: " and \(remaining.oldWorkers) nginx workers of before"
            }
        return "draining \(colour): \(connections)\(workers)"
    }
}
