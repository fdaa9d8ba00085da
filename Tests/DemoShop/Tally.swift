#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A number in a file, which proves that a volume outlives its container.
struct Tally {
    let folder: String
    private var file: String { "\(folder)/count" }

    /// Zero while there is no file.
    func read() throws(FileFailure) -> Int {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return 0 }
            throw .cannot(verb: "read", path: file, errno: errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw .cannot(verb: "read", path: file, errno: errno) }
        let digits = bytes.prefix(count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
        return Int(String(decoding: digits, as: UTF8.self)) ?? 0
    }

    /// Adds one and returns the sum once it is on disk.
    func add() throws(FileFailure) -> Int {
        let sum = try read() + 1
        let beside = file + ".new"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannot(verb: "write", path: beside, errno: errno) }
        let bytes = Array("\(sum)\n".utf8)
        let complete = write(descriptor, bytes, bytes.count) == bytes.count
        let durable = complete && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard durable else { throw .cannot(verb: "write", path: beside, errno: code) }
        guard rename(beside, file) == 0 else {
            throw .cannot(verb: "replace", path: file, errno: errno)
        }
        return sum
    }
}

/// A file on the volume that cannot be read or written.
enum FileFailure: Error, CustomStringConvertible {
    case cannot(verb: String, path: String, errno: Int32)

    var description: String {
        switch self {
        case .cannot(let verb, let path, let code):
            "cannot \(verb) \(path): \(String(cString: strerror(code))). "
                + "Next: mount a writable volume there."
        }
    }
}
