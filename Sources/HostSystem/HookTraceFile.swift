import BlueGreen
import Glibc
import Orchestration

/// The mark of the running hook in a file, and the processes that carry it in their environment.
///
/// A process's number may belong to another process later, and a process can leave its group or its
/// session. The environment stays with all that a hook starts. Programs in containers of this host
/// are found as well.
package struct HookTraceFile: HookTraces {
    private let path: String
    private let grace: Duration

    private static let pause = Duration.milliseconds(20)
    /// After so long a process that outlives SIGKILL counts as one that cannot be ended.
    private static let patience = Duration.seconds(5)

    /// - Parameter grace: from SIGTERM to SIGKILL.
    package init(path: String, grace: Duration = .seconds(2)) {
        self.path = path
        self.grace = grace
    }

    package func begin(_ mark: String) throws {
        try AtomicFile.write(mark, to: path, access: .ownerOnly)
    }

    package func forget() throws {
        try FileSystem().removeTree(path)
    }

    package func endRemains() async throws -> [Int] {
        guard let mark = try FileSystem().readTextIfPresent(path), !mark.isEmpty else { return [] }
        // Nothing of the hook may run beside the next step.
        let ended = try await uninterrupted { try await end(carriersOf: mark) }
        try forget()
        return ended
    }

    private func end(carriersOf mark: String) async throws -> [Int] {
        let clock = ContinuousClock()
        let term = clock.now
        var ended: Set<pid_t> = []
        while true {
            let left = try carriers(of: mark)
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
    private func carriers(of mark: String) throws -> [pid_t] {
        let variable = "\(HookCircumstances.markName)=\(mark)"
        return try FileSystem().list("/proc").compactMap(pid_t.init).filter { pid in
            // A process that has ended, and a zombie, has none.
            guard pid != getpid(), let text = try KernelFile("/proc/\(pid)/environ").text()
            else { return false }
            return text.utf8.split(separator: 0).contains { $0.elementsEqual(variable.utf8) }
        }
    }
}
