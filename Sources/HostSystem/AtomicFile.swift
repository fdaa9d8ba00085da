import Glibc
import SystemPackage

/// Writes whole files: after a crash or a power cut either the old or the new one is there,
/// complete.
///
/// The bytes go to a hidden file beside, which is synced and renamed over. Then the folder is
/// synced: a rename that was not synced is gone after a power cut.
package enum AtomicFile {
    /// Writes the text as UTF-8.
    package static func write(_ text: String, to path: String, access: FileAccess) throws {
        try write(bytes: Array(text.utf8), to: path, access: access)
    }

    /// Returns when the file and its folder are synced to disk. Where just these bytes are there
    /// already nothing is written, so that a full disk keeps nobody from going on.
    package static func write(bytes: [UInt8], to path: String, access: FileAccess) throws {
        if holds(bytes, at: path, access) { return }
        try write(bytes: bytes, to: path, permissions: access.filePermissions) { descriptor in
            // The umask may have taken bits away that nginx needs.
            guard fchmod(descriptor.rawValue, access.filePermissions.rawValue) == 0 else {
                throw Errno(rawValue: errno)
            }
        }
    }

    /// - Parameter finish: comes before the first byte.
    static func write(
        bytes: [UInt8], to path: String, permissions: FilePermissions,
        _ finish: (FileDescriptor) throws -> Void
    ) throws {
        let beside = pathBeside(path)
        // A crash may have left a partial file there.
        unlink(beside)
        do {
            try HostError.translating(path: path, act: "write") {
                try writeNew(bytes, to: beside, permissions, finish)
            }
            try rename(beside, over: path)
        } catch {
            unlink(beside)
            throw error
        }
        try syncFolder(of: path)
    }

    /// Whether a file like the wanted one is there. One that cannot be read is not.
    private static func holds(_ bytes: [UInt8], at path: String, _ access: FileAccess) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Int64(status.st_size) == Int64(bytes.count), status.st_uid == geteuid(),
            status.st_mode & 0o7777 == access.filePermissions.rawValue
        else { return false }
        return (try? FileSystem().readBytes(path)) == bytes
    }

    /// The hidden name is fixed, so that crashes do not pile up files. No `include *.conf` matches
    /// it.
    static func pathBeside(_ path: String) -> String {
        let file = FilePath(path)
        let name = file.lastComponent?.string ?? ""
        return file.removingLastComponent().appending(".\(name).new").string
    }

    static func rename(_ beside: String, over path: String) throws {
        guard Glibc.rename(beside, path) == 0 else {
            throw HostError.last(path: path, act: "write")
        }
    }

    /// Makes a rename, a creation or a removal in the folder of this path durable.
    static func syncFolder(of path: String) throws {
        let parent = FilePath(path).removingLastComponent().string
        try syncFolder(parent.isEmpty ? "." : parent)
    }

    static func syncFolder(_ folder: String) throws {
        try HostError.translating(path: folder, act: "sync the folder") {
            let descriptor = try FileDescriptor.open(
                folder, .readOnly, options: [.directory, .closeOnExec])
            try descriptor.closeAfter { try sync(descriptor) }
        }
    }

    private static func writeNew(
        _ bytes: [UInt8], to beside: String, _ permissions: FilePermissions,
        _ finish: (FileDescriptor) throws -> Void
    ) throws {
        let descriptor = try FileDescriptor.open(
            beside, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
            permissions: permissions)
        try descriptor.closeAfter {
            try finish(descriptor)
            try descriptor.writeAll(bytes)
            try sync(descriptor)
        }
    }

    private static func sync(_ descriptor: FileDescriptor) throws {
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}

extension AtomicFile {
    /// Removes what killed runs left beside the files that they were writing, in this folder and
    /// those in it. Nobody may be writing there.
    package static func removeRemains(in folder: String) throws {
        let files = FileSystem()
        guard files.isFolder(folder) else { return }
        for name in try files.list(folder) {
            let path = "\(folder)/\(name)"
            if name.hasPrefix("."), name.hasSuffix(".new") {
                unlink(path)
            } else if files.isFolder(path), !files.isSymbolicLink(path) {
                try removeRemains(in: path)
            }
        }
    }
}
