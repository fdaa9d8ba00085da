import Glibc

/// What one run of a program costs, as the kernel counts it for the parent.
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

enum BenchmarkError: Error {
    case notStarted(String)
    case noWorkers
    case noLink
    /// How many lines nginx wrote.
    case nothingWritten(Int)
    case noSuchPhase(String)
    case noSmallHost
    case noFigure(String)
}
