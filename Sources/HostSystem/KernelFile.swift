import Glibc
import SystemPackage

/// A small file whose content the kernel makes up when it is read, as in `/proc`.
struct KernelFile: Hashable, Sendable {
    let path: String

    private static let untold: Set<CInt> = [
        ENOENT, ENOTDIR, EOPNOTSUPP, ENODEV, ESRCH, EACCES, EPERM,
    ]

    init(_ path: String) {
        self.path = path
    }

    /// nil for a file that this kernel lacks or has switched off, or that this user may not see.
    /// Files of pressure that are switched off exist and refuse to be read.
    func text() throws -> String? {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            let bytes = try descriptor.closeAfter { try readAll(descriptor) }
            return String(decoding: bytes, as: UTF8.self)
        } catch let errno as Errno {
            if Self.untold.contains(errno.rawValue) { return nil }
            throw HostError(errno, path: path, act: "read")
        }
    }

    /// nil also for `max`, which stands for no limit in version 2 of cgroups.
    func number() throws -> Int64? {
        try text().flatMap { Int64($0.prefix { !$0.isNewline }) }
    }

    private func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try [UInt8](unsafeUninitializedCapacity: 16 * 1024) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }
}
