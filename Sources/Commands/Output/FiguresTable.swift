import BlueGreen

/// The figures that nginx saw of two colours, stage by stage.
struct FiguresTable {
    private static let head = ["observed", "colour", "requests", "5xx", "p50", "p95", "p99"]

    /// Without indentation; none if nothing was observed.
    let lines: [String]

    init(_ stages: [ObservedStage], of deployment: Deployment) {
        let rows = stages.flatMap { Self.rows($0, deployment) }
        lines = rows.isEmpty ? [] : TextTable([Self.head] + rows).lines
    }

    private static func rows(_ observed: ObservedStage, _ deployment: Deployment) -> [[String]] {
        let candidate = row(
            observed.stage.name, deployment.candidate.colour.rawValue, observed.candidate)
        guard let previous = deployment.previous?.colour else { return [candidate] }
        let time =
            switch observed.stage {
            case .before, .canary: ""
            case .bake: ", before"
            }
        return [candidate, row("", previous.rawValue + time, observed.previous)]
    }

    private static func row(
        _ stage: String, _ colour: String, _ figures: RequestFigures?
    ) -> [String] {
        guard let figures else { return [stage, colour, "unknown", "", "", "", ""] }
        let times = [figures.p50, figures.p95, figures.p99]
        return [stage, colour, "\(figures.requests)", figures.errorText]
            + times.map { figures.requests == 0 ? "-" : $0.text }
    }
}

extension Deployment {
    /// The stage that ended it, or that it stands in; nil if nothing was observed.
    var lastObserved: ObservedStage? { observed?.last }
}

extension RequestFigures {
    /// `240 requests, 12 with a 5xx (5%), p95 40 ms`
    var text: String {
        let count = requests == 1 ? "1 request" : "\(requests) requests"
        return requests == 0 ? "no requests" : "\(count), \(errorText) with a 5xx, p95 \(p95.text)"
    }

    /// `0`, `12 (5%)`
    var errorText: String {
        errors == 0 ? "0" : "\(errors) (\(errorShare.preciseText))"
    }
}
