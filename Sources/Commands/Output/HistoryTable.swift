import BlueGreen

/// Past deployments as a person reads them.
struct HistoryTable {
    enum Details {
        case hidden
        case shown
    }

    private static let head = [
        "#", "started (UTC)", "kind", "release", "label", "colour", "outcome", "took",
    ]

    let text: String

    init(_ deployments: [Deployment], details: Details) {
        let table = TextTable([Self.head] + deployments.map(Self.row)).lines
        var lines = [table[0]]
        for (deployment, line) in zip(deployments, table.dropFirst()) {
            lines.append(line)
            switch details {
            case .hidden: lines += Self.breach(of: deployment).map { "    " + $0 }
            case .shown: lines += Self.details(of: deployment).map { "    " + $0 }
            }
        }
        text = lines.map { $0 + "\n" }.joined()
    }

    private static func row(_ deployment: Deployment) -> [String] {
        let kind =
            switch deployment.kind {
            case .deploy: "deploy"
            case .warmRollback: "rollback, warm"
            case .coldRollback: "rollback, cold"
            }
        let outcome =
            switch deployment.outcome {
            case .promoted: "promoted"
            case .aborted: "aborted"
            case .rolledBack: "rolled back"
            case .unknown: "unknown"
            case nil: deployment.waitsUntil == nil ? "unfinished" : "waiting"
            }
        let started = deployment.startedAt.rfc3339.prefix(19)
        return [
            "\(deployment.number)",
            started.prefix(10) + " " + started.suffix(8), kind,
            deployment.candidate.release.text, deployment.label ?? "-",
            deployment.candidate.colour.rawValue, outcome,
            deployment.finishedAt.map { ($0 - deployment.startedAt).text } ?? "-",
        ]
    }

    private static func details(of deployment: Deployment) -> [String] {
        let phases = totals(of: deployment)
            .map { "\($0.name) \($0.duration.text)" }.joined(separator: ", ")
        let failure = (deployment.failure?.message).map(SafeLine.lines) ?? []
        let warnings = deployment.warnings.map(\.message).flatMap(SafeLine.lines).map {
            "warning: \($0)"
        }
        let figures = FiguresTable(deployment.facts.observed, of: deployment).lines
        let waits = deployment.facts.waits
        let waited = waits.isEmpty ? [] : ["starts waited for: \(waits.text)"]
        return [phases] + waited + failure + figures + warnings
    }

    /// The figures that decided against a candidate with traffic.
    private static func breach(of deployment: Deployment) -> [String] {
        guard deployment.facts.has(.breached), let failure = deployment.failure else {
            return []
        }
        let last = [deployment.lastObserved].compactMap(\.self)
        return SafeLine.lines(failure.message) + FiguresTable(last, of: deployment).lines
    }

    /// Services start one by one, so that a phase may come more than once.
    private static func totals(
        of deployment: Deployment
    ) -> [(name: String, duration: Duration)] {
        var totals: [(name: String, duration: Duration)] = []
        for time in deployment.phaseTimes {
            let duration = time.duration ?? .zero
            if let index = totals.firstIndex(where: { $0.name == time.name }) {
                totals[index].duration += duration
            } else {
                totals.append((time.name, duration))
            }
        }
        return totals
    }
}
