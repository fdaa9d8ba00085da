import Glibc
import TestSupport
import Testing

@testable import HostSystem

@Suite("Notifications to systemd")
struct ServiceNotificationTests {
    /// A datagram socket as systemd listens on; the name is a path or begins with `@`.
    private final class Listener {
        private let socket: Int32

        init(_ name: String) throws {
            socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            try #require(socket >= 0)
            var place = sockaddr_un()
            place.sun_family = sa_family_t(AF_UNIX)
            var bytes = Array(name.utf8)
            let isPath = bytes[0] != UInt8(ascii: "@")
            if !isPath { bytes[0] = 0 }
            withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: bytes) }
            let length =
                MemoryLayout<sa_family_t>.size + bytes.count + (isPath ? 1 : 0)
            let bound = withUnsafePointer(to: &place) { place in
                place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, socklen_t(length))
                }
            }
            try #require(bound == 0, "\(String(cString: strerror(errno)))")
        }

        deinit { close(socket) }

        /// What came first; nil where nothing came yet.
        func next() -> String? {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }

    private func notification(
        _ name: String, _ more: [String: String] = [:]
    ) -> ServiceNotification {
        ServiceNotification(
            environment: more.merging(["NOTIFY_SOCKET": name]) { $1 }, pid: 42)
    }

    @Test("Each state is told in the words of sd_notify, by a path")
    func path() throws {
        let folder = try TemporaryFolder()
        let listener = try Listener(folder("notify"))
        let notification = notification(folder("notify"))
        #expect(notification.isHeard)
        #expect(notification.tell(.ready, .status("2 apps\nare \u{7}watched")) == nil)
        #expect(listener.next() == "READY=1\nSTATUS=2 apps are watched")
        #expect(notification.tell(.watchdog) == nil)
        #expect(listener.next() == "WATCHDOG=1")
        #expect(notification.tell(.stopping) == nil)
        #expect(listener.next() == "STOPPING=1")
        #expect(listener.next() == nil)
    }

    @Test("A reload tells its moment on the monotonic clock")
    func reload() throws {
        let folder = try TemporaryFolder()
        let listener = try Listener(folder("notify"))
        notification(folder("notify")).tell(.reloading)
        let text = try #require(listener.next())
        let parts = text.split(separator: "\n")
        #expect(parts.first == "RELOADING=1")
        let moment = parts.last?.split(separator: "=").last.flatMap { Int64($0) }
        #expect(parts.last?.hasPrefix("MONOTONIC_USEC=") == true)
        #expect(moment ?? 0 > 0)
    }

    @Test("An abstract socket is found by its name")
    func abstract() throws {
        let name = "@teal-test-\(ProcessInformation.pid)"
        let listener = try Listener(name)
        #expect(notification(name).tell(.ready) == nil)
        #expect(listener.next() == "READY=1")
    }

    @Test("Without a socket nothing is told, and nothing fails", arguments: ["", "@", "relative"])
    func silent(_ name: String) {
        #expect(!notification(name).isHeard)
        #expect(notification(name).tell(.ready) == nil)
        #expect(!ServiceNotification(environment: [:], pid: 42).isHeard)
        let long = "/" + String(repeating: "x", count: 200)
        #expect(!notification(long).isHeard)
    }

    @Test("A socket that is gone is told as such")
    func gone() {
        #expect(notification("/nonexistent/notify").tell(.ready) == "No such file or directory")
    }

    @Test("The watchdog's limit is for the process that it names")
    func watchdog() {
        let limit = { (more: [String: String]) in notification("/x", more).watchdogLimit }
        #expect(limit([:]) == nil)
        #expect(limit(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
        #expect(limit(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"]) == .seconds(30))
        #expect(limit(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"]) == nil)
        #expect(limit(["WATCHDOG_USEC": "0"]) == nil)
        #expect(limit(["WATCHDOG_USEC": "soon"]) == nil)
    }
}
