import Glibc

/// The kind of thing that a path leads to.
package enum FileKind: String, Hashable, Codable, Sendable {
    case file
    case folder
    case socket
    /// A device or a pipe.
    case other

    init(_ status: stat) {
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFSOCK: .socket
            case _: .other
            }
    }
}

extension FileSystem {
    /// Follows symlinks; nil where nothing is there. What may not be looked at is there.
    package func kind(of path: String) -> FileKind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return errno == EACCES ? .other : nil }
        return FileKind(status)
    }
}
