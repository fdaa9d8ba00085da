import Glibc
import TestSupport
import Testing

@testable import HostSystem

@Suite("Notifications to systemd")
struct ServiceNotificationTests {
    private func notification(
        _ name: String, _ more: [String: String] = [:]
    ) -> ServiceNotification {
        ServiceNotification(
            environment: more.merging(["NOTIFY_SOCKET": name]) { $1 }, pid: 42)
    }

    @Test("Each state is told in the words of sd_notify, by a path")
    func path() throws {
        let folder = try TemporaryFolder()
        let listener = try NotificationListener(folder("notify"))
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
        let listener = try NotificationListener(folder("notify"))
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
        let listener = try NotificationListener(name)
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
