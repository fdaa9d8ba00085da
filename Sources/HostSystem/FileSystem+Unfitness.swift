package import BlueGreen
import Glibc

extension FileSystem {
    /// Why the file cannot be read whole, as a clause about it: `it does not exist`.
    ///
    /// Nothing of it is read.
    ///
    /// - Returns: nil for one that can be read.
    package func unfitness(of path: String, atMost limit: ByteCount) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return errno == ENOENT ? "it does not exist" : String(cString: strerror(errno))
        }
        if let reason = FileKind(status).unfitness(atMost: limit) { return reason }
        return access(path, R_OK) == 0 ? nil : "it must not be read"
    }
}

/// What stands at a path, as far as reading it is concerned.
enum FileKind: Hashable {
    case regular(ByteCount)
    case folder
    /// A pipe, a socket, a device: reading it may never end.
    case endless

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .regular(ByteCount(bytes: Int64(status.st_size)))
        case S_IFDIR: self = .folder
        default: self = .endless
        }
    }

    func unfitness(atMost limit: ByteCount) -> String? {
        switch self {
        case .regular(let size): size > limit ? Self.excess(over: limit) : nil
        case .folder: "it is a folder"
        case .endless: "it is no regular file"
        }
    }

    static func excess(over limit: ByteCount) -> String {
        "it is larger than \(limit.text), and nothing of that size is read"
    }
}
