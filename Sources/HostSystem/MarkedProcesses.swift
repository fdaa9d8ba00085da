import Glibc

/// The processes that carry a variable in their environment.
///
/// A process's number may belong to another process later, and a process can leave its group or its
/// session. The environment stays with all that a program starts. Programs in containers of this
/// host are found as well.
struct MarkedProcesses: Sendable {
    let variable: String
    /// Whether a process with this value is meant.
    let isMeant: @Sendable (String) -> Bool

    private static let pause = Duration.milliseconds(20)
    /// After so long a process that outlives SIGKILL counts as one that cannot be ended.
    private static let patience = Duration.seconds(5)

    /// - Parameter grace: from SIGTERM to SIGKILL.
    /// - Returns: those that had to be ended.
    /// - Throws: `HostError.processesNotEnded`.
    func end(grace: Duration) async throws -> [Int] {
        let clock = ContinuousClock()
        let term = clock.now
        var ended: Set<pid_t> = []
        while true {
            let left = try numbers()
            if left.isEmpty { return ended.map(Int.init).sorted() }
            let waited = clock.now - term
            if waited > grace + Self.patience {
                throw HostError.processesNotEnded(left.map(Int.init))
            }
            // Each process gets SIGTERM once, a new one as well.
            let signal = waited >= grace ? SIGKILL : SIGTERM
            for pid in left where signal == SIGKILL || !ended.contains(pid) { kill(pid, signal) }
            ended.formUnion(left)
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Not this process, which another app's hook may have started.
    private func numbers() throws -> [pid_t] {
        let start = Array("\(variable)=".utf8)
        return try FileSystem().list("/proc").compactMap(pid_t.init).filter { pid in
            // A process that has ended, and a zombie, has none.
            guard pid != getpid(), let text = try KernelFile("/proc/\(pid)/environ").text()
            else { return false }
            return text.utf8.split(separator: 0).contains { entry in
                entry.starts(with: start)
                    && isMeant(String(decoding: entry.dropFirst(start.count), as: UTF8.self))
            }
        }
    }
}
