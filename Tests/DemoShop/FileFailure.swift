#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

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
