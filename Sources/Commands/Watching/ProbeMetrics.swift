import BlueGreen
import Orchestration

/// The figures of rounds in the text format of Prometheus.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct ProbeMetrics {
    private typealias Sample = MetricFamily.Sample

    private let reports: [ProbeReport]

    init(_ reports: [ProbeReport]) {
        self.reports = reports
    }

    var text: String { families.map(\.text).joined() }

    private var rounds: [(app: String, report: AppWatch.Report, took: Duration)] {
        reports.compactMap {
            if case .round(let app, let report, let took) = $0 { (app, report, took) } else { nil }
        }
    }

    private var families: [MetricFamily] {
        [
            traffic, healthy, lastSuccess, roundDuration, restartsLeft, circuits,
            MetricFamily(
                "teal_probe_failed", "Whether the app could not be probed.",
                reports.map { report in
                    if case .failed = report {
                        ([("app", report.app)], 1)
                    } else {
                        ([("app", report.app)], 0)
                    }
                }),
        ]
    }

    private var traffic: MetricFamily {
        MetricFamily(
            "teal_traffic", "Whether the colour has the traffic.",
            rounds.flatMap { app, report, _ in
                Colour.allCases.map { colour in
                    (
                        [("app", app), ("colour", colour.rawValue)],
                        report.active?.colour == colour ? 1 : 0
                    )
                }
            })
    }

    private var healthy: MetricFamily {
        MetricFamily(
            "teal_replica_healthy", "Whether the replica is healthy by its probes in a row.",
            rounds.flatMap { app, report, _ in
                report.watched.map { watched, state in
                    (labels(app, watched), state.isBad || state.verdict == .starting ? 0 : 1)
                }
            })
    }

    private var lastSuccess: MetricFamily {
        MetricFamily(
            "teal_probe_last_success_timestamp_seconds", "When a probe of the service last passed.",
            rounds.flatMap { app, report, _ in
                Set(report.sightings.filter { $0.finding == .passed }.map(\.watched.service.name))
                    .sorted().map { service in
                        (
                            [("app", app), ("service", service)],
                            Double(report.record.lastRound.milliseconds) / 1000
                        )
                    }
            })
    }

    private var roundDuration: MetricFamily {
        MetricFamily(
            "teal_probe_round_duration_seconds", "How long the round took.",
            rounds.map { app, _, took in
                ([("app", app)], Double(took.wholeMilliseconds) / 1000)
            })
    }

    private var restartsLeft: MetricFamily {
        MetricFamily(
            "teal_watch_restarts_left", "Restarts that the budget of the service has left.",
            rounds.flatMap { app, report, _ in
                report.plans.filter { $0.use == .restart }.map { plan in
                    (
                        [("app", app), ("service", plan.service.name)],
                        Double(report.restartsLeft(of: plan.service))
                    )
                }
            })
    }

    private var circuits: MetricFamily {
        MetricFamily(
            "teal_watch_circuit_open", "Whether the service is not restarted any more.",
            rounds.flatMap { app, report, _ in
                let open = Set(report.record.openCircuits.map(\.service))
                return report.plans.filter { $0.use == .restart }.map { plan -> Sample in
                    let value: Double = open.contains(plan.service) ? 1 : 0
                    return ([("app", app), ("service", plan.service.name)], value)
                }
            })
    }

    private func labels(_ app: String, _ watched: WatchedReplica) -> [(String, String)] {
        [
            ("app", app), ("colour", watched.placement?.colour.rawValue ?? "shared"),
            ("service", watched.replica.service), ("replica", "\(watched.replica.index)"),
        ]
    }
}

/// A gauge with its samples.
private struct MetricFamily {
    typealias Sample = (labels: [(String, String)], value: Double)

    private let name: String
    private let help: String
    private let samples: [Sample]

    init(_ name: String, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.help = help
        self.samples = samples
    }

    /// Empty without a sample.
    var text: String {
        if samples.isEmpty { return "" }
        let lines = samples.map { labels, value in
            let pairs = labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
            let number = value == value.rounded() ? "\(Int64(value))" : "\(value)"
            return "\(name){\(pairs)} \(number)\n"
        }
        return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.joined()
    }

    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
