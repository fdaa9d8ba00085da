/// One look at a colour that has traffic, or a part of it, and may lose it again.
package struct Observation: Hashable, Sendable {
    /// Of the stage so far; nil where nginx's figures could not be read.
    package var candidate: RequestFigures?
    /// Of the previous colour: side by side in a canary, of the minutes before in a bake.
    package var previous: RequestFigures?
    /// A container of the candidate that ended, was started again, or does not answer its probes.
    package var trouble: Failure?
    /// The candidate's last log lines, where something is wrong.
    package var logLines: [String]
    /// One sentence for each thing that could not be looked at.
    package var warnings: [String]

    package init(
        candidate: RequestFigures? = nil, previous: RequestFigures? = nil,
        trouble: Failure? = nil, logLines: [String] = [], warnings: [String] = []
    ) {
        self.candidate = candidate
        self.previous = previous
        self.trouble = trouble
        self.logLines = logLines
        self.warnings = warnings
    }
}

/// The figures of one stage of a deployment, at its last look.
package struct ObservedStage: Hashable, Codable, Sendable {
    package let stage: ObservationStage
    package let candidate: RequestFigures?
    /// The figures that the candidate's were compared with.
    package let previous: RequestFigures?

    package init(
        stage: ObservationStage, candidate: RequestFigures?, previous: RequestFigures?
    ) {
        self.stage = stage
        self.candidate = candidate
        self.previous = previous
    }
}

/// The requests to one colour over a span of time, as nginx saw them.
package struct RequestFigures: Hashable, Codable, Sendable {
    package let requests: Int
    /// Those of them that were answered with a status from 500 on.
    package let errors: Int
    /// Those that were answered with a redirect or a refusal: any 3xx but 304, any 4xx but nginx's
    /// own 499.
    package let turnedAway: Int
    /// How long the colour took for the fastest half of them; zero where there were none.
    package let p50: Duration
    package let p95: Duration
    package let p99: Duration

    package init(
        requests: Int, errors: Int, turnedAway: Int = 0, p50: Duration = .zero,
        p95: Duration = .zero, p99: Duration = .zero
    ) {
        self.requests = requests
        self.errors = errors
        self.turnedAway = turnedAway
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }

    package static let none = RequestFigures(requests: 0, errors: 0)

    package var errorShare: Share { share(errors) }

    package var turnedAwayShare: Share { share(turnedAway) }

    private func share(_ count: Int) -> Share {
        Share(fraction: requests > 0 ? Double(count) / Double(requests) : 0)
    }
}
