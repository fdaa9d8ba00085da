package import BlueGreen
import Glibc
import Orchestration

/// The clocks of this host, and whether this process reaches it.
package struct WatchingHost: WatchHost {
    /// A connection within one host opens within microseconds.
    private static let patience = Duration.seconds(1)

    private let boot: String

    package init() {
        // Without a name for this start of the host an uptime that shrinks tells it.
        let text = (try? FileSystem().readText("/proc/sys/kernel/random/boot_id")) ?? ""
        boot = text.trimmed
    }

    package var moment: WatchMoment {
        WatchMoment(wall: SystemClock().now, uptime: uptime, boot: boot)
    }

    private var uptime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    package func reachesItself() async -> Bool {
        let (listening, asking) = (Self.socket(), Self.socket())
        defer { for descriptor in [listening, asking] where descriptor >= 0 { close(descriptor) } }
        guard listening >= 0, asking >= 0 else { return false }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                var length = size
                guard bind(listening, address, size) == 0, listen(listening, 1) == 0,
                    getsockname(listening, address, &length) == 0
                else { return false }
                return connect(asking, address, size) == 0 || errno == EINPROGRESS
            }
        }
        guard isOpen else { return false }
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            var waiting = pollfd(fd: asking, events: Int16(POLLOUT), revents: 0)
            if poll(&waiting, 1, 0) > 0 { return Self.error(of: asking) == 0 }
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return true }
        }
        return false
    }

    private static func socket() -> Int32 {
        Glibc.socket(
            AF_INET,
            Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    private static func error(of descriptor: Int32) -> Int32 {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
        return error
    }
}
