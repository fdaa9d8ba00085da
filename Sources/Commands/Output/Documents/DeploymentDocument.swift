import BlueGreen

/// A deployment in `--json`. Moments are RFC 3339 in UTC, durations whole milliseconds; a key
/// without a value is left out.
struct DeploymentDocument: Codable, Hashable {
    struct Place: Codable, Hashable {
        let colour: String
        let release: String
    }

    struct PhaseTime: Codable, Hashable {
        let name: String
        let startedAt: String
        /// Left out while the phase lasts.
        let durationMilliseconds: Int64?
    }

    struct Reason: Codable, Hashable {
        let message: String
        /// The candidate's last lines, oldest first.
        let log: [String]
    }

    let number: Int
    /// `deploy`, `warm_rollback`, `cold_rollback`.
    let kind: String
    /// `promoted`, `aborted`, `rolled_back`, `unknown`; left out while it is unfinished.
    let outcome: String?
    /// As in `phases`; the outcome once it has ended.
    let phase: String
    let label: String?
    let candidate: Place
    /// The colour and release that had traffic when it began.
    let previous: Place?
    let startedAt: String
    let finishedAt: String?
    let durationMilliseconds: Int64?
    let phases: [PhaseTime]
    /// When one that waits for a person is aborted.
    let waitsUntil: String?
    /// In order; left out where nothing was observed.
    let observed: [ObservedDocument]?
    let failure: Reason?
    let warnings: [String]

    init(_ deployment: Deployment) {
        number = deployment.number
        kind = deployment.kind.word
        outcome = deployment.outcome?.word
        phase = deployment.outcome?.word ?? deployment.phaseName
        label = deployment.label
        candidate = Place(deployment.candidate)
        previous = deployment.previous.map(Place.init)
        startedAt = deployment.startedAt.rfc3339
        finishedAt = deployment.finishedAt?.rfc3339
        durationMilliseconds = deployment.finishedAt.map {
            ($0 - deployment.startedAt).wholeMilliseconds
        }
        phases = deployment.phaseTimes.map { time in
            PhaseTime(
                name: time.name, startedAt: time.at.rfc3339,
                durationMilliseconds: time.duration?.wholeMilliseconds)
        }
        waitsUntil = deployment.waitsUntil?.rfc3339
        observed =
            deployment.facts.observed.isEmpty
            ? nil : deployment.facts.observed.map { ObservedDocument($0, of: deployment) }
        failure = deployment.failure.map { Reason(message: $0.message, log: $0.logLines) }
        warnings = deployment.warnings.map(\.message)
    }
}

extension DeploymentDocument.Place {
    init(_ placement: Placement) {
        colour = placement.colour.rawValue
        release = placement.release.text
    }
}

extension DeploymentKind {
    /// In `--json`.
    var word: String {
        switch self {
        case .deploy: "deploy"
        case .warmRollback: "warm_rollback"
        case .coldRollback: "cold_rollback"
        }
    }
}

extension Outcome {
    /// In `--json`.
    var word: String {
        switch self {
        case .promoted: "promoted"
        case .aborted: "aborted"
        case .rolledBack: "rolled_back"
        case .unknown: "unknown"
        }
    }
}

extension Deployment {
    struct PhaseTime: Hashable {
        let name: String
        let at: Timestamp
        /// nil while the phase lasts.
        let duration: Duration?
    }

    /// How long each phase took; the outcome, which is a phase without time, is none of them.
    var phaseTimes: [PhaseTime] {
        let begun = outcome == nil ? phases : Array(phases.dropLast())
        return begun.enumerated().map { index, phase in
            let end = index + 1 < phases.count ? phases[index + 1].at : finishedAt
            return PhaseTime(name: phase.name, at: phase.at, duration: end.map { $0 - phase.at })
        }
    }
}
