package import BlueGreen

/// The run that holds an app's lock, as it wrote itself into the lock file.
package struct LockHolder: Hashable, Codable, Sendable, CustomStringConvertible {
    package let pid: Int
    package let since: Timestamp
    /// The verb, `deploy`.
    package let verb: String
    package let release: String?
    /// nil for this one.
    package var host: String?

    package init(pid: Int, since: Timestamp, verb: String, release: String?) {
        self.pid = pid
        self.since = since
        self.verb = verb
        self.release = release
    }

    /// Whether it holds the lock for a round or an act of the watch, which is over within seconds.
    package var isWatch: Bool { verb == "watch" || verb == "probe" }

    package var description: String {
        "`teal \(verb)`" + (release.map { " of release \($0)" } ?? "")
            + " with pid \(pid)" + (host.map { " on \($0)" } ?? "")
            + ", running since \(since.rfc3339)"
    }
}
