import ArgumentParser
import Glibc
import HostSystem

/// The cost of one run of a program, as the kernel counts it for the parent.
struct ProcessCost {
    let milliseconds: Double
    let peakMebibytes: Double
    let exitCode: Int

    /// Runs a program to its end with its outputs thrown away.
    ///
    /// The kernel counts the parent's memory into a child's peak, up to the moment at which the
    /// child becomes its program. So the parent is a small one.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String]
    ) async throws -> ProcessCost {
        let result = try await SubprocessCommandRunner().run(
            Command(
                "/proc/self/exe", [MeasuredRun.name, path] + arguments, environment: environment))
        let figures = result.standardOutput.split(whereSeparator: \.isWhitespace).map(String.init)
        guard result.succeeded, figures.count == 3, let milliseconds = Double(figures[0]),
            let peak = Double(figures[1]), let code = Int(figures[2])
        else { throw BenchmarkError.notStarted(path) }
        return ProcessCost(milliseconds: milliseconds, peakMebibytes: peak, exitCode: code)
    }
}

/// Runs a program and prints its milliseconds, the MiB of its peak and its exit code.
struct MeasuredRun: ParsableCommand {
    static let name = "run-measured"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough)
    var words: [String]

    func run() throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(0)...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var argv = words.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        var pid = pid_t()
        let began = ContinuousClock.now
        guard posix_spawn(&pid, words[0], &actions, nil, &argv, environ) == 0 else {
            throw BenchmarkError.notStarted(words[0])
        }
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(pid, &status, 0, &usage) == pid else {
            throw BenchmarkError.notStarted(words[0])
        }
        let (seconds, attoseconds) = (ContinuousClock.now - began).components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        print(milliseconds, Double(usage.ru_maxrss) / 1024, (status >> 8) & 0xFF)
    }
}
