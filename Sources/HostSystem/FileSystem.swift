package import BlueGreen
import Glibc
import SystemPackage

/// Files, folders and symlinks. A change of a folder is on disk when the call returns.
package struct FileSystem: Sendable {
    /// Teal reads nothing that is nearly as large.
    package static let largestFile = ByteCount.mebibytes(64)

    package init() {}

    /// Invalid UTF-8 is repaired.
    package func readText(_ path: String) throws -> String {
        String(decoding: try readBytes(path), as: UTF8.self)
    }

    /// nil where there is no such file.
    package func readTextIfPresent(_ path: String) throws -> String? {
        var status = stat()
        if lstat(path, &status) != 0 {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw HostError.last(path: path, act: "read")
        }
        return try readText(path)
    }

    /// The first bytes of a file.
    ///
    /// - Parameter count: so many of a file that may be far larger.
    package func beginning(of path: String, bytes count: Int) throws -> [UInt8] {
        try HostError.translating(path: path, act: "read") {
            let descriptor = try FileDescriptor.open(
                path, .readOnly, options: [.closeOnExec, .nonBlocking])
            return try descriptor.closeAfter {
                try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
                    read = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
        }
    }

    /// The whole of a regular file; it throws `HostError` where it cannot be read.
    ///
    /// - Parameter limit: a larger file is refused.
    package func readBytes(
        _ path: String, atMost limit: ByteCount = Self.largestFile
    ) throws -> [UInt8] {
        try HostError.translating(path: path, act: "read") {
            // A pipe that nobody writes to would else be waited for without end.
            let descriptor = try FileDescriptor.open(
                path, .readOnly, options: [.closeOnExec, .nonBlocking])
            return try descriptor.closeAfter {
                try refuse(descriptor, path, limit)
                return try readAll(descriptor, path, limit)
            }
        }
    }

    /// Whether the path leads to something; a symlink that leads nowhere does not.
    package func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// As `exists`, where an answer decides: a path that this user may not look at is not absent.
    ///
    /// - Throws: `HostError` where nobody can tell.
    package func isPresent(_ path: String) throws -> Bool {
        var status = stat()
        if stat(path, &status) == 0 { return true }
        if errno == ENOENT || errno == ENOTDIR { return false }
        throw HostError.last(path: path, act: "look for")
    }

    /// Follows symlinks; false where nothing is there.
    package func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in the folder, sorted; hidden ones included.
    package func list(_ folder: String) throws -> [String] {
        guard let stream = opendir(folder) else {
            throw HostError.last(path: folder, act: "list")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes the folder and its missing parents; folders that exist are left as they are.
    package func makeFolder(_ path: String, access: FileAccess) throws {
        if isFolder(path) { return }
        let parent = FilePath(path).removingLastComponent().string
        if !parent.isEmpty && parent != path { try makeFolder(parent, access: access) }
        let mode = access.folderPermissions.rawValue
        if mkdir(path, mode) != 0 {
            // Another process may have been faster.
            if errno == EEXIST && isFolder(path) { return }
            throw HostError.last(path: path, act: "create the folder")
        }
        guard chmod(path, mode) == 0 else {
            throw HostError.last(path: path, act: "set the permissions of")
        }
        try AtomicFile.syncFolder(of: path)
    }

    /// Removes a file, a symlink or a folder with all that is in it. Symlinks are not followed; a
    /// missing file is no failure.
    package func removeTree(_ path: String) throws {
        guard isThere(path) else { return }
        try remove(path)
        try AtomicFile.syncFolder(of: path)
    }

    /// How much an ordinary user could still write to the file system of this path.
    package func freeSpace(at path: String) throws -> ByteCount {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw HostError.last(path: path, act: "look at the free space of")
        }
        return ByteCount(bytes: Int64(status.f_bavail) * Int64(status.f_frsize))
    }

    /// How many files an ordinary user could still make there; nil where the file system has no
    /// bound.
    package func freeFiles(at path: String) throws -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw HostError.last(path: path, act: "look at the free space of")
        }
        return status.f_files == 0 ? nil : Int(clamping: status.f_favail)
    }

    /// - Throws: `HostError.file` for anything but a regular file within the limit.
    private func refuse(
        _ descriptor: FileDescriptor, _ path: String, _ limit: ByteCount
    ) throws {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        if let reason = FileKind.unfitness(status, atMost: limit) {
            throw HostError.file(path: path, act: "read", reason: reason)
        }
    }

    private func readAll(
        _ descriptor: FileDescriptor, _ path: String, _ limit: ByteCount
    ) throws -> [UInt8] {
        // Files in /proc tell no size, so there is no asking for it first.
        var bytes: [UInt8] = []
        while true {
            let piece = try [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if piece.isEmpty { return bytes }
            bytes += piece
            if bytes.count > limit.bytes {
                throw HostError.file(
                    path: path, act: "read", reason: FileKind.excess(over: limit))
            }
        }
    }

    private func remove(_ path: String) throws {
        if isSymbolicLink(path) || !isFolder(path) {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw HostError.last(path: path, act: "remove")
            }
            return
        }
        for name in try list(path) { try remove("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else {
            throw HostError.last(path: path, act: "remove the folder")
        }
    }
}

/// The readers of a file or a folder that Teal writes.
package enum FileAccess: Hashable, Sendable {
    /// Files 0600, folders 0700: anything that may hold a secret.
    case ownerOnly
    /// Files 0644, folders 0755: what nginx reads.
    case everyoneReads
    /// Files 0755, folders as well: scripts.
    case everyoneRuns

    var filePermissions: FilePermissions {
        switch self {
        case .ownerOnly: [.ownerReadWrite]
        case .everyoneReads: [.ownerReadWrite, .groupRead, .otherRead]
        case .everyoneRuns: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        }
    }

    var folderPermissions: FilePermissions {
        switch self {
        case .ownerOnly: [.ownerReadWriteExecute]
        case .everyoneReads, .everyoneRuns:
            [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        }
    }
}
