import Glibc
import SystemPackage

extension FileSystem {
    /// Points the symlink at the target, in one act that nobody can see half done. A reader finds
    /// the old target or the new one.
    ///
    /// - Parameter target: as it is to stand in the link; relative ones count from its folder.
    package func replaceLink(at path: String, with target: String) throws {
        let beside = AtomicFile.pathBeside(path)
        unlink(beside)
        guard symlink(target, beside) == 0 else {
            throw HostError.last(path: path, act: "write the link")
        }
        do {
            try AtomicFile.rename(beside, over: path)
        } catch {
            unlink(beside)
            throw error
        }
        try AtomicFile.syncFolder(of: path)
    }

    /// Puts a symlink in the place of a folder, which goes with all that is in it. For some
    /// microseconds there is neither: no call that Swift knows exchanges the two.
    package func replaceFolderByLink(at path: String, with target: String) throws {
        let aside = path + ".aside"
        guard !isThere(aside) else {
            throw HostError.file(path: aside, act: "move the folder to", reason: "it is there")
        }
        guard rename(path, aside) == 0 else {
            throw HostError.last(path: path, act: "move the folder")
        }
        do {
            try replaceLink(at: path, with: target)
        } catch {
            rename(aside, path)
            throw error
        }
        try removeTree(aside)
    }

    /// The text of the link; nil where there is no link.
    package func linkTarget(at path: String) throws -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        if count < 0 {
            if errno == ENOENT { return nil }
            throw HostError.last(path: path, act: "read the link")
        }
        return String(
            decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    package func isSymbolicLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// When a symlink was made, in milliseconds since 1970 by the host's clock; nil where there is
    /// none.
    package func linkMadeAt(_ path: String) -> Int64? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    /// Whether there is an entry of this name, a symlink that leads nowhere included.
    package func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The path without symlinks. Parts that are not there stay as they are written.
    package func resolved(_ path: String) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        let parts = FilePath(path)
        guard let last = parts.lastComponent, !parts.removingLastComponent().isEmpty else {
            return path
        }
        let parent = resolved(parts.removingLastComponent().string)
        return (parent == "/" ? "" : parent) + "/" + last.string
    }

    /// Whether a socket, a device or a pipe is there.
    package func isSpecial(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return ![S_IFDIR, S_IFREG].contains(status.st_mode & S_IFMT)
    }
}
