import Glibc

/// Tells systemd how a service of `Type=notify` fares. Silent where no systemd has started it.
///
/// https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
package struct ServiceNotification: Sendable {
    package enum State: Hashable, Sendable {
        case ready
        /// It reads its configuration anew; `ready` must follow.
        case reloading
        case stopping
        /// It is alive, which it must say within `watchdogLimit`.
        case watchdog
        /// For people, one line.
        case status(String)
    }

    /// A path, or an abstract name behind a NUL; nil where nobody listens.
    private let address: [UInt8]?
    /// After so long without `watchdog` systemd ends the service; nil where it does not. Half of it
    /// is a good pace.
    package let watchdogLimit: Duration?

    /// - Parameter environment: has NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID from systemd.
    package init(
        environment: [String: String] = ProcessInformation.environment,
        pid: Int = ProcessInformation.pid
    ) {
        address = environment["NOTIFY_SOCKET"].flatMap(Self.address)
        // A process that was started by the service has its variables too.
        let isMeant = environment["WATCHDOG_PID"].map { Int($0) == pid } ?? true
        watchdogLimit =
            isMeant
            ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap {
                $0 > 0 ? .microseconds($0) : nil
            } : nil
    }

    /// Whether somebody listens.
    package var isHeard: Bool { address != nil }

    /// Tells all of it in one message, and waits for nothing.
    ///
    /// - Returns: why it was not told; nil where it was, or where nobody listens.
    @discardableResult
    package func tell(_ states: State...) -> String? {
        guard let address else { return nil }
        let message = Array(states.map(Self.text).joined(separator: "\n").utf8)
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return String(cString: strerror(errno)) }
        defer { close(socket) }
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: address) }
        let isPath = address.first != 0
        let length =
            MemoryLayout<sa_family_t>.size + address.count + (isPath ? 1 : 0)
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        let sent = withUnsafePointer(to: &place) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                sendto(socket, message, message.count, flags, place, socklen_t(length))
            }
        }
        return sent < 0 ? String(cString: strerror(errno)) : nil
    }

    /// `/run/systemd/notify`, or `@name` for an abstract one.
    private static func address(_ text: String) -> [UInt8]? {
        var bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count > 1,
            bytes.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        switch first {
        case UInt8(ascii: "@"): bytes[0] = 0
        case UInt8(ascii: "/"): break
        default: return nil
        }
        return bytes
    }

    private static func text(of state: State) -> String {
        switch state {
        case .ready: "READY=1"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds)"
        case .stopping: "STOPPING=1"
        case .watchdog: "WATCHDOG=1"
        case .status(let text):
            "STATUS=\(PrintableText(Self.line(text)).text)"
        }
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static var monotonicMicroseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
