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
        return deployment.stageEnd.map { "It goes on at \($0.timeOfDay) UTC at the latest." } ?? ""
    }

    private static func rungs(
        _ deployment: Deployment, _ found: PageFindings
    ) -> [AppLook.Rung] {
        let usual = found.usual(deployment.kind)
        let times = deployment.phaseTimes(until: found.now)
        let past = times.map { name, time in
            AppLook.Rung(
                name: name, state: name == deployment.phaseName ? .now : .done, elapsed: time,
                usual: usual[name])
        }
        let ahead = deployment.wordsAhead.filter { word in !times.contains { $0.name == word } }
        return past
            + ahead.map {
                AppLook.Rung(name: $0, state: .ahead, elapsed: nil, usual: usual[$0])
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
        if let (end, length) = deployment.stageSpan, length > .zero {
            let left = max(.zero, end - found.now)
            gauges.append(
                AppLook.Gauge(
                    name: "Time", text: "\(left.text) of \(length.text) left",
                    filled: min(1, 1 - left / length)))
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
        let most = bounds.errors.fraction
        gauges.append(
            AppLook.Gauge(
                name: "Errors",
                text: "\(figures.errorText) with a 5xx, at most \(bounds.errors.preciseText)",
                filled: most > 0
                    ? figures.errorShare.fraction / most : figures.errors > 0 ? 2 : 0))
        if let previous = stage.previous, previous.p95 > .zero {
            let bound = previous.p95 * bounds.latency
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
        let phases = deployment.phaseTimes(until: found.now).map {
            AppLook.Rung(name: $0.name, state: .done, elapsed: $0.time, usual: nil)
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

extension Deployment {
    /// When the stage ends at the latest; nil where it has no such end.
    fileprivate var stageEnd: Timestamp? {
        guard let position, case .until(let moment) = position.mark else { return nil }
        return moment
    }

    /// The end of a stage whose length is known, and that length.
    fileprivate var stageSpan: (end: Timestamp, length: Duration)? {
        guard let position, let end = stageEnd else { return nil }
        switch position.stage {
        case .watch(.canary): return (end, settings.canary.every)
        case .watch(.bake): return (end, settings.bake.duration)
        case .drain: return (end, settings.drain)
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .launch, .verify, .arm, .probeEdge, .endBaseline, .approval, .route, .stop, .prove,
            .retire, .cleanUp, .watch(.before):
            return nil
        }
    }
}
