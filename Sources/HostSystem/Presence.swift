import Glibc

/// Says that a person is at work on an app, for as long as a process lives and what it turns into
/// by `exec`. The kernel forgets it with the process.
package enum Presence {
    /// Where it cannot be said the person's work goes on all the same.
    package static func begin(_ path: String) {
        // Kept over `exec`, so that the program has it.
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
        // Several people may be at work.
        if descriptor >= 0 { flock(descriptor, LOCK_SH | LOCK_NB) }
    }

    package static func isThere(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
