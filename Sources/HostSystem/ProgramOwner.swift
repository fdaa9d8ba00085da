import Glibc

/// The run of Teal that has started a program. The program carries it in its environment.
struct ProgramOwner: Hashable, Sendable {
    /// Of the program's environment.
    static let variable = "TEAL_STARTED_BY"

    /// Numbers of processes count in it alone.
    let namespace: String
    let pid: pid_t
    /// In ticks since the host's start, so that a number given again is told apart.
    let startedAt: UInt64

    /// This process.
    static let present: ProgramOwner? = namespace.flatMap { namespace in
        startedAt(getpid()).map {
            ProgramOwner(namespace: namespace, pid: getpid(), startedAt: $0)
        }
    }

    private static let namespace: String? = {
        // A host without /proc has no marks; its programs are bounded by their time limits.
        try? FileSystem().linkTarget(at: "/proc/self/ns/pid")
    }()

    var text: String { "\(namespace)/\(pid)/\(startedAt)" }

    /// Whether it could be seen here, and is not there any more.
    var isGone: Bool {
        namespace == Self.namespace && Self.startedAt(pid) != startedAt
    }

    private static func startedAt(_ pid: pid_t) -> UInt64? {
        // A name may hold spaces and brackets; the fields behind it are numbers and a letter.
        guard let text = try? KernelFile("/proc/\(pid)/stat").text(),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[end...].split(separator: " ")
        return fields.count > 20 ? UInt64(fields[20]) : nil
    }
}

extension ProgramOwner {
    init?(text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 3, let pid = pid_t(parts[1]), let startedAt = UInt64(parts[2]) else {
            return nil
        }
        self.init(namespace: String(parts[0]), pid: pid, startedAt: startedAt)
    }
}

/// Programs whose run of Teal was killed.
package enum OrphanedPrograms {
    /// Ends them all, whichever app they were for: nobody waits for them any more.
    ///
    /// - Returns: the processes that had to be ended.
    package static func end(grace: Duration = .seconds(2)) async throws -> [Int] {
        let orphans = MarkedProcesses(variable: ProgramOwner.variable) {
            ProgramOwner(text: $0)?.isGone ?? false
        }
        return try await uninterrupted { try await orphans.end(grace: grace) }
    }
}
