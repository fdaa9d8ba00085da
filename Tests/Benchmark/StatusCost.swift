import Glibc
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
                    try ProcessCost.run(
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

/// The cost of one run of a program, as the kernel counts it for the parent.
struct ProcessCost {
    let milliseconds: Double
    let peakMebibytes: Double
    let exitCode: Int

    /// Runs a program to its end with its outputs thrown away.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String]
    ) throws -> ProcessCost {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(0)...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var argv = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (argv + variables).forEach { free($0) } }
        var pid = pid_t()
        let began = ContinuousClock.now
        guard posix_spawn(&pid, path, &actions, nil, &argv, &variables) == 0 else {
            throw BenchmarkError.notStarted(path)
        }
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(pid, &status, 0, &usage) == pid else { throw BenchmarkError.notStarted(path) }
        let (seconds, attoseconds) = (ContinuousClock.now - began).components
        return ProcessCost(
            milliseconds: Double(seconds) * 1000 + Double(attoseconds) / 1e15,
            peakMebibytes: Double(usage.ru_maxrss) / 1024, exitCode: Int((status >> 8) & 0xFF))
    }
}
