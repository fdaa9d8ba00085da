#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One line per event of the process's life. Lines go straight to the descriptor, so that the
/// last one before an exit is never lost in a buffer.
struct Journal: Sendable {
    let role: String
    let version: String

    enum Stream: Int32 {
        case results = 1
        case errors = 2
    }

    func note(_ event: String) {
        Self.write("shop \(role) \(version): \(event)")
    }

    static func write(_ line: String, to stream: Stream = .results) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { put(stream.rawValue, $0) }
            // A closed or full log must not stop the shop: the rest of the line is given up.
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    private static func put(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
