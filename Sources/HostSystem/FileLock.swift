import BlueGreen
import FoundationEssentials
import Glibc
package import Orchestration
import SystemPackage

/// A kernel lock on a file: it dies with its owner, however that ends.
///
/// The file tells who holds it. It stays when the lock is gone; only the lock itself counts.
package final class FileLock: Sendable {
    private let descriptor: FileDescriptor

    private init(descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit {
        giveUp()
        // A close that fails has closed nevertheless.
        try? descriptor.close()
    }

    /// A close alone would not do: a child has the descriptor too until it becomes another program,
    /// and with it the lock.
    private func giveUp() {
        flock(descriptor.rawValue, LOCK_UN)
    }

    /// Keeps the lock until here, where the compiler might else give it up after its last use. A
    /// process that lives on is not its holder any more.
    package func release() {
        ftruncate(descriptor.rawValue, 0)
        giveUp()
    }

    /// - Throws: `HostError.locked` with its holder where another process, or another lock of
    ///   this one, has it.
    package static func acquire(path: String, holder: LockHolder) throws -> FileLock {
        while true {
            let lock = FileLock(descriptor: try open(path))
            guard flock(lock.descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                if errno == EINTR { continue }
                if errno == EWOULDBLOCK { throw HostError.locked(by: owner(namedIn: path)) }
                throw HostError.last(path: path, act: "lock")
            }
            // Removing the app's folder removes this file; a lock on a removed file locks nothing.
            if try lock.isOn(path) {
                try lock.write(holder)
                return lock
            }
        }
    }

    /// What takes the lock for an act of the watch gives it back soon, and nobody asked for it: such
    /// a holder is waited for in any case.
    private static let patienceWithWatch = Duration.seconds(120)

    /// Tries again every half second for as long as told.
    ///
    /// - Parameter onWait: called once, before the first wait, with who holds the lock.
    package static func acquire(
        path: String, holder: LockHolder, waitingAtMost limit: Duration, clock: any WallClock,
        onWait: (LockHolder?) -> Void
    ) async throws -> FileLock {
        let began = clock.now
        var isFirst = true
        while true {
            do {
                return try acquire(path: path, holder: holder)
            } catch HostError.locked(let other) {
                let isWatch = other?.isWatch ?? false
                let deadline = began + (isWatch ? max(limit, patienceWithWatch) : limit)
                guard clock.now < deadline else { throw HostError.locked(by: other) }
                if isFirst { onWait(other) }
                isFirst = false
                try await clock.sleep(until: min(deadline, clock.now + .milliseconds(500)))
            }
        }
    }

    private static func open(_ path: String) throws -> FileDescriptor {
        try HostError.translating(path: path, act: "open the lock file") {
            // The kernel locks what is only read, too.
            if ReadOnlyDisk.has(path) {
                return try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
            }
            return try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec, .noFollow],
                permissions: FileAccess.ownerOnly.filePermissions)
        }
    }

    /// The run that holds the lock, as far as its file and the list of processes tell. To take the
    /// lock to find out would refuse a run that begins at this moment.
    package static func holder(of path: String) -> LockHolder? {
        // One that was given back names nobody, so that a lock at rest costs no list of all locks.
        guard let owner = owner(namedIn: path), isHeld(path) else { return nil }
        return kill(pid_t(owner.pid), 0) == 0 || errno == EPERM ? owner : nil
    }

    /// By the kernel's own list. After a loss of power the file still has a number, which may be
    /// that of another program by now.
    private static func isHeld(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        // Without the list the name alone tells.
        guard let list = try? FileSystem().readText("/proc/locks") else { return true }
        return list.split(separator: "\n").contains { line in
            line.contains(" FLOCK ") && line.contains(":\(status.st_ino) ")
        }
    }

    private static func owner(namedIn path: String) -> LockHolder? {
        // The owner may be writing at this moment, and a lock that is held is so without a name.
        guard let bytes = try? FileSystem().readBytes(path), !bytes.isEmpty else { return nil }
        return try? JSONDecoder().decode(LockHolder.self, from: Data(bytes))
    }

    private func isOn(_ path: String) throws -> Bool {
        var (opened, named) = (stat(), stat())
        guard fstat(descriptor.rawValue, &opened) == 0 else {
            throw HostError.last(path: path, act: "look at the lock file")
        }
        return stat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }

    /// The name is for people, and the lock counts without it. So a full disk, on which a way back
    /// is wanted most, refuses nobody. Bytes are written over before the rest is cut off, since
    /// space that was given back may be gone.
    private func write(_ holder: LockHolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let bytes = try encoder.encode(holder)
        do {
            try descriptor.writeAll(toAbsoluteOffset: 0, bytes)
            ftruncate(descriptor.rawValue, off_t(bytes.count))
        } catch {
            // The name of an earlier holder would be wrong.
            ftruncate(descriptor.rawValue, 0)
        }
    }
}
