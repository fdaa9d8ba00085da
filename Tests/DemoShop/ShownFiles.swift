#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files of the container that a page shows, which proves what configs and secrets came to.
struct ShownFiles {
    let paths: [String]

    /// The first 4 KB of each, one after the other.
    func read() throws(FileFailure) -> String {
        var text = ""
        for path in paths {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .cannot(verb: "read", path: path, errno: errno) }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            guard count >= 0 else { throw .cannot(verb: "read", path: path, errno: errno) }
            text += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        return text
    }
}
