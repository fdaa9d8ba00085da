import Glibc

/// Ends a program together with its process group at the moment in which Teal dies, however that
/// happens.
///
/// The kernel sends a signal of choice to the owner of a pipe's reading end when the last writing
/// end is closed, and Teal has the only one. Nobody ever writes.
/// https://man7.org/linux/man-pages/man2/fcntl.2.html (F_SETOWN, F_SETSIG, O_ASYNC)
struct ProgramLeash: Sendable {
    /// One with a lower and one with a higher number than the writer: kernels differ in the order
    /// in which they close what a process that dies has open.
    private let readers: [CInt]
    private let writer: CInt

    /// Linux's own numbers, which glibc's headers show to GNU programs only.
    private static let setSignal: CInt = 10
    private static let asynchronous: CInt = 0o20000

    /// - Returns: nil where the kernel does not take part; `OrphanedPrograms` ends what is left.
    init?(on group: pid_t) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // Another description of the same end, which a copy of the descriptor would not be.
        let second = open("/proc/self/fd/\(ends[0])", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        let higher = fcntl(second, F_DUPFD_CLOEXEC, ends[1] + 1)
        close(second)
        readers = [ends[0], higher]
        writer = ends[1]
        for reader in readers {
            guard fcntl(reader, F_SETOWN, -group) == 0,
                fcntl(reader, Self.setSignal, SIGKILL) == 0,
                fcntl(reader, F_SETFL, fcntl(reader, F_GETFL) | Self.asynchronous) == 0
            else {
                release()
                return nil
            }
        }
    }

    /// The program has ended, or is let go.
    func release() {
        // A process that another thread is just starting may hold copies for a moment. It would
        // close the last of them, and the group may have children that live on.
        for reader in readers where reader >= 0 { _ = fcntl(reader, F_SETFL, 0) }
        for descriptor in readers + [writer] where descriptor >= 0 { close(descriptor) }
    }

    /// What the death of this process does.
    func pull() {
        close(writer)
        for reader in readers { close(reader) }
    }
}
