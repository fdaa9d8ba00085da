import BlueGreen
import Dashboard
import Orchestration

/// Deployments under way and past ones on the page.
extension AppLook.Running {
    init(_ deployment: Deployment, _ found: PageFindings) {
        let candidate = deployment.candidate
        self.init(
            title: SafeLine.own(
                "Deployment \(deployment.number): \(deployment.kind.title) "
                    + "\(found.name(of: candidate.release)) to \(candidate.colour)"),
            waitsFor: SafeLine.own(Self.wait(deployment, found)),
            rungs: Self.rungs(deployment, found), gauges: Self.gauges(deployment, found))
    }

    private static func wait(_ deployment: Deployment, _ found: PageFindings) -> String {
        if let until = deployment.waitsUntil {
            return "It waits for a person until \(until.rfc3339), and is then aborted."
        }
        guard found.condition.findings.holder != nil else {
            return "The run that carried it is gone: \(found.app.command("resume")) finishes or "
                + "undoes it."
        }
        return deployment.stageEnd.map { "It goes on at \($0.at.timeOfDay) UTC at the latest." }
            ?? ""
    }

    private static func rungs(
        _ deployment: Deployment, _ found: PageFindings
    ) -> [AppLook.Rung] {
        let usual = UsualTimes(found.deployments)
        return deployment.rungs.map { rung in
            let (state, elapsed): (AppLook.Rung.State, Duration?) =
                switch rung.state {
                case .done(let time): (.done, time)
                case .failed(let time): (.failed, time)
                case .current(let since): (.now, max(.zero, found.now - since))
                case .ahead: (.ahead, nil)
                }
            return AppLook.Rung(
                name: rung.name.word, state: state, elapsed: elapsed,
                usual: usual[rung.name, of: deployment.kind])
        }
    }

    private static func gauges(
        _ deployment: Deployment, _ found: PageFindings
    ) -> [AppLook.Gauge] {
        var gauges: [AppLook.Gauge] = []
        if let canary = found.condition.canary {
            gauges.append(
                AppLook.Gauge(
                    name: "Canary",
                    text: "\(canary.share.preciseText) of the requests go to \(canary.colour)",
                    filled: canary.share.fraction))
        }
        if let end = deployment.stageEnd {
            let left = max(.zero, end.at - found.now).running
            let text =
                switch end.kind {
                case .certain: "\(left) of \(end.length.text) left"
                case .latest: "at most \(left) more"
                }
            gauges.append(
                AppLook.Gauge(
                    name: "Time", text: text, filled: end.passed(at: found.now).fraction))
        }
        guard let stage = deployment.lastObserved, let figures = stage.candidate,
            stage.stage != .before
        else { return gauges }
        let bounds = deployment.settings.bake.bounds
        gauges.append(
            AppLook.Gauge(
                name: "Requests",
                text: "\(figures.requests) seen, \(bounds.requests) are enough to judge by",
                filled: min(1, Double(figures.requests) / Double(max(1, bounds.requests)))))
        let most = bounds.mostErrors(beside: stage.previous)
        gauges.append(
            AppLook.Gauge(
                name: "Errors",
                text: "\(figures.errorText) with a 5xx, at most \(most.preciseText)",
                filled: most.fraction > 0
                    ? figures.errorShare.fraction / most.fraction : figures.errors > 0 ? 2 : 0))
        if figures.requests > 0, let bound = bounds.mostLatency(beside: stage.previous),
            bound > .zero
        {
            gauges.append(
                AppLook.Gauge(
                    name: "Latency",
                    text: "p95 \(figures.p95.text), at most \(bound.text)",
                    filled: figures.p95 / bound))
        }
        return gauges
    }
}

extension AppLook.Past {
    init(_ deployment: Deployment, _ found: PageFindings) {
        let candidate = deployment.candidate
        let name = found.name(of: candidate.release)
        let phases = deployment.rungs.compactMap { rung in
            rung.time.map {
                AppLook.Rung(name: rung.name.word, state: .done, elapsed: $0, usual: nil)
            }
        }
        let outcome = deployment.outcome ?? .unknown
        self.init(
            title: SafeLine.own(
                "\(deployment.number): \(deployment.startedAt.rfc3339), \(deployment.kind.title) "
                    + "\(name) to \(candidate.colour)"),
            outcome: outcome.word.replacing("_", with: " "),
            isBad: outcome != .promoted,
            took: deployment.finishedAt.map { ($0 - deployment.startedAt).text } ?? "",
            phases: phases,
            failure: SafeLine.lines(deployment.failure?.message ?? "").joined(separator: " "),
            log: (deployment.failure?.logLines ?? []).map(SafeLine.foreign))
    }
}

extension DeploymentKind {
    fileprivate var title: String {
        switch self {
        case .deploy: "deploy of"
        case .warmRollback: "rollback (warm) of"
        case .coldRollback: "rollback (cold) of"
        }
    }
}
