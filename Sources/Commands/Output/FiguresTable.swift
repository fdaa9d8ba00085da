import BlueGreen

/// What nginx saw of two colours, stage by stage and side by side.
struct FiguresTable {
    private static let head = ["observed", "colour", "requests", "5xx", "p50", "p95", "p99"]

    /// Without indentation; none where nothing was observed.
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
    /// The stage that ended it, or that it stands in; nil where nothing was observed.
    var lastObserved: ObservedStage? { facts.observed.last }
}
