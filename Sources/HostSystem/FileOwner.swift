import Glibc
import SystemPackage

/// Whose a file is, and who may read it.
package struct FileOwner: Hashable, Sendable {
    package let user: UInt32
    package let group: UInt32
    /// The lowest twelve bits of `st_mode`, as in `chmod`.
    package let mode: UInt32

    package init(user: UInt32 = 0, group: UInt32 = 0, mode: UInt32 = 0o444) {
        self.user = user
        self.group = group
        self.mode = mode
    }

    /// Of a file that is there.
    ///
    /// - Throws: `HostError` where it cannot be looked at.
    package init(of path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw HostError.last(path: path, act: "look at") }
        self.init(user: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o7777)
    }

    /// Only root may give a file away. One that everybody reads may stay this user's.
    func apply(to descriptor: FileDescriptor) throws {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        if (status.st_uid, status.st_gid) != (user, group),
            fchown(descriptor.rawValue, user, group) != 0, mode & 0o004 == 0 || errno != EPERM
        {
            throw Errno(rawValue: errno)
        }
        guard fchmod(descriptor.rawValue, mode) == 0 else { throw Errno(rawValue: errno) }
    }
}

extension AtomicFile {
    /// As `write(bytes:to:access:)`, and nobody else can read the bytes at any moment.
    package static func write(bytes: [UInt8], to path: String, as owner: FileOwner) throws {
        try write(bytes: bytes, to: path, permissions: [.ownerReadWrite]) {
            try owner.apply(to: $0)
        }
    }
}
