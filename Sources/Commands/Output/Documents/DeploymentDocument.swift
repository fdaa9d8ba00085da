import BlueGreen

/// A deployment in `--json`. Moments are RFC 3339 in UTC, durations whole milliseconds; a key
/// without a value is left out.
struct DeploymentDocument: Encodable {
    struct Place: Encodable {
        let colour: String
        let release: String
    }

    struct PhaseTime: Encodable {
        let name: String
        let startedAt: String
        /// Left out while the phase lasts.
        let durationMilliseconds: Int64?
    }

    struct Wait: Encodable {
        /// `health`, `one_shot`, `pause`, `look`, `memory`, `cpu_pressure`, `memory_pressure`,
        /// `steal`, `disk_wait`, `swap_in`.
        let bound: String
        let durationMilliseconds: Int64
    }

    struct Reason: Encodable {
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
    /// What its starts waited for, the longest first.
    let waits: [Wait]
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
        waits = deployment.facts.waits.all.map {
            Wait(bound: $0.bound.word, durationMilliseconds: $0.time.wholeMilliseconds)
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

extension WaitBound {
    /// In `--json`.
    var word: String {
        switch self {
        case .health: "health"
        case .oneShot: "one_shot"
        case .pause: "pause"
        case .look: "look"
        case .memory: "memory"
        case .processorPressure: "cpu_pressure"
        case .memoryPressure: "memory_pressure"
        case .steal: "steal"
        case .diskWait: "disk_wait"
        case .swapIn: "swap_in"
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

/// The figures that nginx saw of both colours in one stage of a deployment, in `--json`.
struct ObservedDocument: Encodable {
    struct Figures: Encodable {
        let colour: String
        let requests: Int
        /// Answered with a status from 500 on.
        let errors: Int
        let p50Milliseconds: Int64
        let p95Milliseconds: Int64
        let p99Milliseconds: Int64
    }

    /// `canary`, `bake`.
    let stage: String
    /// Of the requests to the candidate; only in a canary.
    let percent: Double?
    /// Left out where it could not be had.
    let candidate: Figures?
    /// In a canary of the same time, in a bake of the minutes before.
    let previous: Figures?

    init(_ observed: ObservedStage, of deployment: Deployment) {
        switch observed.stage {
        case .before: (stage, percent) = ("before", nil)
        case .canary(let share): (stage, percent) = ("canary", share.percent)
        case .bake: (stage, percent) = ("bake", nil)
        }
        candidate = observed.candidate.map { Figures($0, of: deployment.candidate.colour) }
        previous = observed.previous.flatMap { figures in
            deployment.previous.map { Figures(figures, of: $0.colour) }
        }
    }
}

extension ObservedDocument.Figures {
    init(_ figures: RequestFigures, of colour: Colour) {
        self.colour = colour.rawValue
        requests = figures.requests
        errors = figures.errors
        p50Milliseconds = figures.p50.wholeMilliseconds
        p95Milliseconds = figures.p95.wholeMilliseconds
        p99Milliseconds = figures.p99.wholeMilliseconds
    }
}

extension Share {
    /// In hundredths of a percent at the finest, so that 12.1 stays 12.1.
    var percent: Double { (fraction * 10_000).rounded() / 100 }
}

/// The result of `deploy`, `rollback`, `resume` and `down` with `--json`, also when they fail, and
/// of any other verb when it fails.
struct ResultDocument: Encodable {
    let formatVersion = 1
    let app: String?
    /// As the process ends.
    let exitStatus: Int32
    /// The colour that has traffic now; left out where none has, or where it was not looked at.
    let traffic: String?
    /// Left out where nothing was deployed.
    let deployment: DeploymentDocument?
    /// Why there was no deployment, or why it was left unfinished.
    let error: String?

    init(
        app: String?, _ status: ExitStatus, traffic: Colour? = nil,
        deployment: Deployment? = nil, error: String? = nil
    ) {
        self.app = app
        exitStatus = status.rawValue
        self.traffic = traffic?.rawValue
        self.deployment = deployment.map(DeploymentDocument.init)
        self.error = error
    }
}

/// The result of `history` with `--json`.
struct HistoryDocument: Encodable {
    let formatVersion = 1
    let app: String
    /// Newest first.
    let deployments: [DeploymentDocument]
    /// What the watch noticed and did, newest first.
    let events: [EventDocument]

    init(app: String, _ deployments: [Deployment], _ events: [WatchEvent] = []) {
        self.app = app
        self.deployments = deployments.map(DeploymentDocument.init)
        self.events = events.map(EventDocument.init)
    }
}
