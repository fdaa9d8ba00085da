#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One line per event in `events.log` on the volume. Not flushed to the disk: it tells people
/// what happened, nothing is read back from it.
struct EventLog {
    let folder: String
    private var file: String { "\(folder)/events.log" }

    /// Past this size the file becomes `events.log.1`, in the place of the one before.
    private let limit = 4 << 20

    func append(_ event: String) throws(FileFailure) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannot(verb: "open", path: file, errno: errno) }
        defer { close(descriptor) }
        let bytes = Array("\(time) \(event)\n".utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .cannot(verb: "append to", path: file, errno: errno)
        }
        guard lseek(descriptor, 0, SEEK_END) > limit else { return }
        guard rename(file, file + ".1") == 0 else {
            throw .cannot(verb: "rename", path: file, errno: errno)
        }
    }

    /// UTC, to the second.
    private var time: String {
        var seconds = time_t()
        clock(&seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private func clock(_ seconds: inout time_t) {
        #if canImport(Darwin)
            _ = Darwin.time(&seconds)
        #else
            _ = Glibc.time(&seconds)
        #endif
    }
}
