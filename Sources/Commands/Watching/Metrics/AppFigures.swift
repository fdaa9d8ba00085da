import BlueGreen
import Orchestration

/// The lines of one app, as its last round found it.
struct AppFigures {
    private(set) var lines = MetricLines()
    private let app: String

    init(
        _ report: ProbeReport, _ totals: (watch: WatchTotals, deployments: DeploymentTotals)?
    ) {
        app = report.app
        var isFailed = false
        if case .failed = report { isFailed = true }
        lines.add(.probeFailed, [("app", app)], isFailed)
        if case .round(_, let round, let took) = report {
            addRound(round, took)
            addTraffic(round)
            addReplicas(round)
            addBudgets(round)
            if let situation = round.sight.situation {
                addDeployments(situation, round.sight, at: round.record.lastRound)
            }
        }
        if let totals {
            add(totals.watch)
            add(totals.deployments)
        }
    }

    private func labels(_ more: (String, String)...) -> MetricLines.Labels {
        [("app", app)] + more.map { ($0.0, $0.1) }
    }

    private mutating func addRound(_ report: AppWatch.Report, _ took: Duration) {
        lines.add(.roundDuration, labels(), took / .seconds(1))
        lines.add(.lastRound, labels(), report.record.lastRound.seconds)
    }

    private mutating func addTraffic(_ report: AppWatch.Report) {
        let sight = report.sight
        lines.add(.trafficUnknown, labels(), sight.traffic == nil || report.unclear != nil)
        if let traffic = sight.traffic {
            lines.add(.maintenance, labels(), traffic.isInMaintenance)
            for colour in Colour.allCases {
                let share: Double =
                    if colour == traffic.colour {
                        1 - (traffic.canary?.fraction ?? 0)
                    } else {
                        traffic.colour == nil ? 0 : traffic.canary?.fraction ?? 0
                    }
                lines.add(.traffic, labels(("colour", colour.rawValue)), colour == traffic.colour)
                lines.add(.trafficShare, labels(("colour", colour.rawValue)), share)
            }
        }
        guard let situation = sight.situation else { return }
        let condition = Condition(situation, Condition.Findings(traffic: sight.traffic))
        for placement in [situation.active, situation.idle].compactMap(\.self) {
            lines.add(
                .appInfo,
                labels(
                    ("colour", placement.colour.rawValue), ("release", placement.release.text),
                    ("label", condition.label(of: placement.release) ?? "")), 1)
        }
        condition.since.map { lines.add(.promotedAt, labels(), $0.seconds) }
    }

    private mutating func addReplicas(_ report: AppWatch.Report) {
        for (watched, state) in report.record.replicas.sorted(by: { $0.key < $1.key }) {
            lines.add(
                .replicaHealthy, Self.labels(app, watched.placement?.colour, watched.replica),
                !state.isBad && state.verdict != .starting)
        }
        let containers = report.sight.situation?.containers ?? []
        for container in containers.sorted(by: { $0.name < $1.name }) {
            lines.add(.replicaRestarts, Self.labels(app, container), container.restarts)
        }
    }

    static func labels(_ app: String, _ container: Container) -> MetricLines.Labels {
        labels(app, container.placement?.colour, container.replica)
    }

    private static func labels(
        _ app: String, _ colour: Colour?, _ replica: Replica
    ) -> MetricLines.Labels {
        [
            ("app", app), ("colour", colour?.rawValue ?? "shared"), ("service", replica.service),
            ("replica", "\(replica.index)"),
        ]
    }

    private mutating func addBudgets(_ report: AppWatch.Report) {
        let open = Set(report.record.openCircuits.map(\.service))
        for plan in report.plans where plan.use == .restart {
            let labels = labels(("service", plan.service.name))
            lines.add(.restartsLeft, labels, report.restartsLeft(of: plan.service))
            lines.add(.circuitOpen, labels, open.contains(plan.service))
        }
    }

    // MARK: Deployments

    private mutating func addDeployments(
        _ situation: Situation, _ sight: AppWatch.Sight, at now: Timestamp
    ) {
        let newest = situation.deployments.first
        let underway = newest.flatMap { $0.outcome == nil ? $0 : nil }
        let hasTheWord = underway?.waitsUntil.map { now < $0 } ?? false
        lines.add(
            .unfinished, labels(), underway != nil && sight.occupant == nil && !hasTheWord)
        if let underway {
            lines.add(.running, labels(("phase", underway.phaseName)), 1)
            underway.waitsUntil.map { lines.add(.waitsUntil, labels(), $0.seconds) }
            if sight.traffic?.isWatched == true { addObserved(underway) }
        }
        guard let last = situation.deployments.first(where: { $0.outcome != nil }),
            let end = last.finishedAt
        else { return }
        let hooks = Dictionary(
            uniqueKeysWithValues: HookPoint.allCases.map { ($0.phaseName, $0.rawValue) })
        for (phase, time) in last.phaseTimes(until: end) {
            lines.add(.phaseDuration, labels(("phase", phase)), time / .seconds(1))
            if let point = hooks[phase] {
                lines.add(.hookDuration, labels(("point", point)), time / .seconds(1))
            }
        }
    }

    /// The stages so far, each of which was counted from zero.
    private mutating func addObserved(_ deployment: Deployment) {
        let stages = deployment.facts.observed
        add(stages.compactMap(\.candidate), of: deployment.candidate.colour)
        if let previous = deployment.previous {
            // A bake is compared with the minutes before, which are no part of it.
            let shared = stages.filter { if case .canary = $0.stage { true } else { false } }
            add(shared.compactMap(\.previous), of: previous.colour)
        }
    }

    private mutating func add(_ figures: [RequestFigures], of colour: Colour) {
        guard !figures.isEmpty else { return }
        let errors = figures.map(\.errors).reduce(0, +)
        let away = figures.map(\.turnedAway).reduce(0, +)
        let served = figures.map(\.requests).reduce(0, +) - errors - away
        for (kind, count) in [("served", served), ("turned_away", away), ("error", errors)] {
            lines.add(
                .observedRequests, labels(("colour", colour.rawValue), ("class", kind)), count)
        }
    }

    // MARK: Sums of the stores

    private mutating func add(_ totals: WatchTotals) {
        for (service, probes) in totals.probes.sorted(by: { $0.key < $1.key }) {
            let labels = labels(("service", service))
            lines.add(.probes, labels + [("result", "passed")], probes.passed)
            lines.add(.probes, labels + [("result", "failed")], probes.failed)
            lines.add(.probeDuration, labels, probes.times)
            probes.lastPass.map { lines.add(.lastSuccess, labels, $0.seconds) }
        }
        for act in totals.acts {
            lines.add(
                .actions,
                labels(
                    ("service", act.did.service ?? ""), ("action", act.did.action.rawValue),
                    ("outcome", act.did.outcome.rawValue)), act.count)
        }
        for notices in totals.notices {
            lines.add(
                .notices,
                labels(
                    ("kind", notices.event),
                    ("outcome", notices.isDelivered ? "delivered" : "failed")), notices.count)
        }
    }

    private mutating func add(_ totals: DeploymentTotals) {
        for line in totals.lines {
            let labels = labels(("kind", line.kind.word), ("outcome", line.outcome.word))
            lines.add(.deployments, labels, line.times.count)
            lines.add(.deploymentDuration, labels, line.times)
        }
    }
}

extension MetricLines {
    fileprivate mutating func add(_ metric: Metric, _ labels: Labels, _ times: TimeTally) {
        add(
            metric, labels, bounds: times.bounds.map { $0 / .seconds(1) }, counts: times.counts,
            sum: times.total / .seconds(1))
    }
}

extension Timestamp {
    fileprivate var seconds: Double { Double(milliseconds) / 1000 }
}

/// Fills the figures of an app after a round.
struct MetricsFeed: Sendable {
    let app: AppContext
    let wiring: Wiring
    let metrics: HostMetrics

    /// - Throws: nothing but `CancellationError`.
    func take(_ report: ProbeReport) async throws {
        var totals: (watch: WatchTotals, deployments: DeploymentTotals)?
        do {
            totals = try await wiring.totals()
        } catch let error where !(error is CancellationError) {
            // The round itself tells of a store that cannot be read.
        }
        metrics.take(report, totals)
        guard case .round(_, let round, _) = report, let situation = round.sight.situation,
            metrics.isDue(app.name)
        else { return }
        var look = try await wiring.hostLook(at: situation, metrics)
        look.replicas = Dictionary(
            situation.containers.map { ($0.id, AppFigures.labels(app.name, $0)) }
        ) { first, _ in first }
        metrics.take(look, of: app.name)
    }
}
