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
        if let reason = FileKind.unfitness(status, atMost: limit) { return reason }
        return access(path, R_OK) == 0 ? nil : "it must not be read"
    }

    /// As `unfitness`, for a file that is to hold text; it is read.
    package func textUnfitness(of path: String, atMost limit: ByteCount) -> String? {
        if let reason = unfitness(of: path, atMost: limit) { return reason }
        do {
            let bytes = try readBytes(path, atMost: limit)
            return String(validating: bytes, as: UTF8.self) == nil ? "it is not UTF-8 text" : nil
        } catch {
            return "\(error)"
        }
    }
}

extension FileKind {
    /// Why a thing of this kind and size is not read whole, as a clause about it; nil where it can
    /// be. Reading a pipe, a socket or a device may never end.
    static func unfitness(_ status: stat, atMost limit: ByteCount) -> String? {
        switch FileKind(status) {
        case .file where Int64(status.st_size) > limit.bytes: excess(over: limit)
        case .file: nil
        case .folder: "it is a folder"
        case .socket, .other: "it is no regular file"
        }
    }

    static func excess(over limit: ByteCount) -> String {
        "it is larger than \(limit.text), and nothing of that size is read"
    }
}
