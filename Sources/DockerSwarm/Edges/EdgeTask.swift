import Glibc
import HostSystem
package import Orchestration

/// The process of an edge's task. It has nginx's folder at the host's own path, and all else of the
/// host below a folder: a process whose root is the host's would find another one under its own
/// number in `/proc`.
package enum EdgeTask {
    /// In the task's own file system, which ends with the task.
    private static let marker = "/teal-confirmed"

    /// Where the host's file system is.
    package static let hostRoot = EdgeService.root

    /// Where the node's own daemon listens.
    package static let dockerSocket = "\(EdgeService.root)/run/docker.sock"

    /// Of the node. The limits of the task's own cgroup are not asked for, nor those of a daemon.
    package static var gauge: any HostGauge {
        ProcGauge(clock: SystemClock(), proc: "\(EdgeService.root)/proc") { [] }
    }

    /// Whether the task has confirmed; for its HEALTHCHECK.
    package static var isConfirmed: Bool { FileSystem().exists(marker) }

    package static func note(isConfirmed: Bool) throws {
        if isConfirmed {
            try FileSystem().makeEmpty(marker)
        } else {
            unlink(marker)
        }
    }

    /// Goes over to the host's file system, for a program that takes the place of this process.
    package static func enterHost() throws {
        guard chroot(EdgeService.root) == 0, chdir("/") == 0 else {
            throw SwarmError.hostNotEntered(reason: String(cString: strerror(errno)))
        }
    }

    /// The first process of a namespace ignores SIGTERM otherwise. A change of nginx's files that
    /// is cut off is put right by the next task.
    package static func endBySignal() {
        signal(SIGTERM) { _ in _exit(0) }
    }
}
