import HostSystem
import TestSupport

/// Wall time and peak memory of `teal status`.
struct StatusCost {
    func measure() async throws {
        var table = Table("program", "median ms", "p95 ms", "peak MB")
        try await Stage.withBothColours("benchstatus", live: "live") { story in
            let command = story.tealCommand(["status"])
            var environment = command.environment
            for name in ["PATH", "HOME", "DOCKER_HOST"] {
                environment[name] = ProcessInformation.environment[name]
            }
            var costs: [ProcessCost] = []
            for _ in 1...40 {
                costs.append(
                    try await ProcessCost.run(
                        command.executable, command.arguments, environment: environment))
            }
            let times = costs.map(\.milliseconds)
            table.add(
                "`teal status`", times.median.text(), times.percentile(0.95).text(),
                (costs.map(\.peakMebibytes).max() ?? 0).text())
        }
        table.print(title: "What a look at the status costs")
    }
}
