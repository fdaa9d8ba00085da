import BlueGreen
import HostSystem
import TestSupport
import Testing

@testable import Commands
@testable import Orchestration

@Suite("The metrics of a host")
struct MetricsTests {
    private static let totals: (watch: WatchTotals, deployments: DeploymentTotals) = {
        var watch = WatchTotals()
        var probes = WatchTotals.Probes()
        (probes.passed, probes.failed, probes.lastPass) = (3, 1, Sample.moment)
        probes.times.add(3, upTo: .milliseconds(5), lasting: .milliseconds(6))
        probes.times.add(1, upTo: nil, lasting: .seconds(6))
        watch.probes = ["web": probes]
        watch.acts = [.init(.init(.restart, .done, service: "web"), count: 2)]
        watch.notices = [.init("promoted", isDelivered: true, count: 4)]
        var deployments = DeploymentTotals()
        var line = DeploymentTotals.Line(.deploy, .rolledBack)
        line.times.add(1, upTo: .seconds(30), lasting: .seconds(20))
        deployments.lines = [line]
        return (watch, deployments)
    }()

    private static var text: String {
        let metrics = HostMetrics()
        metrics.take(ProbeSample.unhealthy, totals)
        return metrics.text(of: nil)
    }

    @Test(
        "Sums of the stores are counters and histograms",
        arguments: [
            "teal_probes_total{app=\"shop\",service=\"web\",result=\"passed\"} 3",
            "teal_probe_duration_seconds_bucket{app=\"shop\",service=\"web\",le=\"0.005\"} 3",
            "teal_probe_duration_seconds_bucket{app=\"shop\",service=\"web\",le=\"5\"} 3",
            "teal_probe_duration_seconds_bucket{app=\"shop\",service=\"web\",le=\"+Inf\"} 4",
            "teal_probe_duration_seconds_count{app=\"shop\",service=\"web\"} 4",
            "teal_probe_duration_seconds_sum{app=\"shop\",service=\"web\"} 6.006",
            "teal_notices_total{app=\"shop\",kind=\"promoted\",outcome=\"delivered\"} 4",
            "teal_deployments_total{app=\"shop\",kind=\"deploy\",outcome=\"rolled_back\"} 1",
            "# TYPE teal_probe_duration_seconds histogram",
            "teal_replica_healthy{app=\"shop\",colour=\"green\",service=\"web\",replica=\"2\"} 0",
            "teal_watch_actions_total"
                + "{app=\"shop\",service=\"web\",action=\"restart\",outcome=\"done\"} 2",
        ])
    func sums(line: String) {
        #expect(Self.text.contains(line + "\n"))
    }

    @Test("promtool has nothing to say about them")
    func linted() async throws {
        let metrics = HostMetrics()
        metrics.take(ProbeSample.unhealthy, Self.totals)
        metrics.take(.failed(app: "ill", reason: "no teal.yml"), nil)
        let process = try #require(try ProcessFigures.now())
        let text = metrics.text(of: process)
        for metric in [Metric.processorTime, .residentMemory, .openFiles, .startTime] {
            #expect(text.contains("\n\(metric.rawValue) "))
        }
        #expect(try await Promtool.complaints(about: text) == "")
        // It does complain where there is something to complain of.
        #expect(try await Promtool.complaints(about: "teal_probes_total 1\n") != "")
    }

    @Test("The round of an app that is not watched any more leaves nothing behind")
    func late() {
        let metrics = HostMetrics()
        metrics.forget("shop")
        metrics.take(ProbeSample.unhealthy, nil)
        #expect(!metrics.text(of: nil).contains("shop"))
        metrics.welcome("shop")
        metrics.take(ProbeSample.unhealthy, nil)
        #expect(metrics.text(of: nil).contains("shop"))
    }

    @Test("A label may hold anything")
    func escaping() {
        var lines = MetricLines()
        lines.add(.appInfo, [("label", "a\"b\\c\nd")], 1)
        #expect(lines[.appInfo] == "teal_app_info{label=\"a\\\"b\\\\c\\nd\"} 1\n")
    }

    @Test("An app that is not watched any more has no figures")
    func forgets() {
        let metrics = HostMetrics()
        metrics.take(ProbeSample.unhealthy, nil)
        metrics.forget("shop")
        #expect(!metrics.text(of: nil).contains("shop"))
    }

    @Test("A round has news where it found something else than the one before, or did something")
    func news() {
        let metrics = HostMetrics()
        func news(after report: ProbeReport) -> Int {
            metrics.take(report, nil)
            return metrics.news(of: "shop")
        }
        #expect(metrics.news(of: "shop") == 0)
        let well = news(after: ProbeSample.healthy(rounds: 3))
        #expect(well > 0)
        // Its times are others, and it is one round more.
        #expect(news(after: ProbeSample.healthy(rounds: 4)) == well)
        #expect(news(after: .busy(app: "shop")) == well)
        let failed = news(after: .failed(app: "shop", reason: "no teal.yml"))
        #expect(failed > well)
        #expect(news(after: .failed(app: "shop", reason: "no teal.yml")) == failed)
        let ill = news(after: ProbeSample.unhealthy)
        #expect(ill > failed)
        #expect(news(after: ProbeSample.unhealthy) > ill)
        metrics.forget("shop")
        #expect(metrics.news(of: "shop") == 0)
    }

    @Test("Each metric has its head once, whatever number of apps there is")
    func heads() {
        let metrics = HostMetrics()
        for app in ["a", "b"] { metrics.take(.failed(app: app, reason: "ill"), nil) }
        let text = metrics.text(of: nil)
        #expect(
            text.split(separator: "\n").filter { $0.hasPrefix("# TYPE teal_probe_f") }.count == 1)
        #expect(text.contains("teal_probe_failed{app=\"b\"} 1\n"))
    }
}
