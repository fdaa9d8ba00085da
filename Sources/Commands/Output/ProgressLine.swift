import BlueGreen
import Orchestration

/// One line about an event of a run, for every reader.
struct ProgressLine: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A new phase begins.
        case phase
        case note
        case warning
        /// An outside program's own line.
        case output
    }

    let kind: Kind
    let text: String

    /// Most events are one line; a warning may have several.
    static func lines(for event: ProgressEvent) -> [ProgressLine] {
        switch event {
        case .began(let deployment):
            [ProgressLine(kind: .note, text: beginning(of: deployment))]
        case .entered(let phase):
            [ProgressLine(kind: .phase, text: phase)]
        case .resting, .advanced:
            []
        case .room(let report):
            [ProgressLine(kind: .note, text: "room: the set \(report.summary)")]
        case .starting(let replica):
            [ProgressLine(kind: .note, text: "starting \(replica)")]
        case .leftAlone(let replica):
            [ProgressLine(kind: .note, text: "\(replica) runs already and is left alone")]
        case .up(let replica, let duration, let bound):
            [ProgressLine(kind: .note, text: up(replica, after: duration, bound))]
        case .rested(let duration, let waits):
            [
                ProgressLine(
                    kind: .note,
                    text: "waited \(duration.text) before the next start: \(waits.text)")
            ]
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
        case .observed(let stage, let observation, let deployment, let until):
            [ProgressLine(kind: .note, text: observed(stage, observation, deployment, until))]
        case .awaitingPromotion(let deployment):
            [ProgressLine(kind: .note, text: awaiting(deployment))]
        case .note(let text):
            SafeLine.lines(text).map { ProgressLine(kind: .note, text: $0) }
        case .warning(let text):
            SafeLine.lines(text).map { ProgressLine(kind: .warning, text: $0) }
        case .output(let text):
            [ProgressLine(kind: .output, text: SafeLine.foreign(text))]
        case .finished(let deployment):
            waits(of: deployment) + [ProgressLine(kind: .note, text: ending(of: deployment))]
        }
    }

    /// A wait of more than a second says what it was for.
    private static func up(
        _ replica: Replica, after duration: Duration, _ bound: WaitBound?
    ) -> String {
        let reason =
            switch bound {
            case .health: " of waiting for its health"
            case .oneShot: " of waiting for its end"
            case .pause, .look, .memory, .processorPressure, .memoryPressure, .steal, .diskWait,
                .swapIn, nil:
                ""
            }
        return "\(replica) is up after \(duration.text)" + (duration > .seconds(1) ? reason : "")
    }

    /// None where no start waited.
    static func waits(of deployment: Deployment) -> [ProgressLine] {
        deployment.facts.waits.isEmpty
            ? []
            : [ProgressLine(kind: .note, text: "starts waited for: \(deployment.facts.waits.text)")]
    }

    private static func beginning(of deployment: Deployment) -> String {
        let candidate = deployment.candidate
        let release = ReleaseName(candidate.release, label: deployment.label)
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
            case nil: deployment.phaseName
            }
        return "deployment \(deployment.number) ended: \(end)\(took)"
    }

    private static func waiting(for replica: Replica, _ failure: ProbeFailure?) -> String {
        guard let failure else { return "waiting for \(replica)" }
        return SafeLine.own("waiting for \(replica): it \(failure)")
    }

    private static func observed(
        _ stage: ObservationStage, _ observation: Observation, _ deployment: Deployment,
        _ until: Timestamp
    ) -> String {
        func words(_ figures: RequestFigures?) -> String { figures?.text ?? "no figures" }
        let candidate = "\(deployment.candidate.colour) \(words(observation.candidate))"
        guard let previous = deployment.previous?.colour else { return candidate }
        switch stage {
        case .before:
            return "before: \(previous) \(words(observation.previous))"
        case .canary:
            return "\(stage.name) until \(until.timeOfDay): \(candidate); "
                + "\(previous) \(words(observation.previous))"
        case .bake:
            let baseline = deployment.facts.baseline.flatMap { $0.requests > 0 ? $0 : nil }
            let before = baseline.map { "; \(previous) before: p95 \($0.p95.text)" } ?? ""
            return "bake until \(until.timeOfDay): \(candidate)\(before)"
        }
    }

    private static func awaiting(_ deployment: Deployment) -> String {
        let until = deployment.waitsUntil.map { " until \($0.rfc3339)" } ?? ""
        return "\(deployment.candidate.colour) is healthy, has no traffic and waits for "
            + "promotion\(until)"
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

extension ProgressLine {
    /// The line with what tells its kind where neither colour nor annotation does.
    var marked: String {
        switch kind {
        case .phase: "== \(text)"
        case .note, .output: text
        case .warning: "warning: \(text)"
        }
    }
}

extension ProgressEvent {
    /// Whether the run has nothing more to do, for now at least.
    var isEnd: Bool {
        switch self {
        case .finished, .awaitingPromotion: true
        case .began, .entered, .advanced, .resting, .rested, .room, .starting, .leftAlone, .up,
            .settling, .waiting, .draining, .observed, .note, .warning, .output:
            false
        }
    }
}
