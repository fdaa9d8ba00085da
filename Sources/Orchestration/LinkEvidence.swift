package import BlueGreen

/// Tells by history and containers who had traffic before a link was lost. Pure.
package struct LinkEvidence: Sendable {
    package enum Verdict: Hashable, Sendable {
        case had(Colour)
        /// nginx has sent nobody's requests anywhere, and goes on doing so.
        case nobodyHad
        /// Why it cannot be told, without a full stop.
        case untold(reason: String)
    }

    private let lost: LostLink
    /// Newest first.
    private let deployments: [Deployment]
    private let containers: [Container]

    package init(_ lost: LostLink, _ deployments: [Deployment], _ containers: [Container]) {
        self.lost = lost
        self.deployments = deployments
        self.containers = containers
    }

    package var verdict: Verdict {
        if let colour = lost.says { return .had(colour) }
        guard let newest = deployments.first else { return withoutHistory }
        switch newest.recordedTraffic {
        case .on(let colour):
            if serving.contains(colour) || serving.isEmpty { return .had(colour) }
            return .untold(
                reason: "the history says \(colour), of which no exposed container runs, and "
                    + "\(colour.other) runs")
        case .nobody:
            if isSilent || lost.finding == .unwritten { return .nobodyHad }
            return fromContainers("the history says that nobody had traffic")
        case .untold:
            return fromContainers(
                "deployment \(newest.number) ended without knowing who has traffic")
        }
    }

    /// The colours with an exposed container that runs.
    private var serving: Set<Colour> {
        Set(
            containers.filter { $0.role == .exposed && $0.state == .running }
                .compactMap { $0.placement?.colour })
    }

    private var isSilent: Bool { lost.isWithoutSay }

    private var withoutHistory: Verdict {
        // Without a record nobody knows where the containers would be reached.
        if lost.finding == .unwritten || isSilent && serving.isEmpty { return .nobodyHad }
        return fromContainers("there is no history of the app")
    }

    private func fromContainers(_ reason: String) -> Verdict {
        if serving.count == 1, let only = serving.first { return .had(only) }
        let count = serving.isEmpty ? "no exposed container runs" : "both colours run"
        return .untold(reason: "\(reason), and \(count)")
    }
}
