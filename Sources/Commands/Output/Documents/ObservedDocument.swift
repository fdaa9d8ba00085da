import BlueGreen

/// The figures that nginx saw of both colours in one stage of a deployment, in `--json`.
struct ObservedDocument: Codable, Hashable {
    struct Figures: Codable, Hashable {
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
