/// A version of the Engine API, as a daemon and Teal agree on it.
package struct EngineVersion: Hashable, Sendable, CustomStringConvertible {
    /// That of Docker 20.10.
    package static let oldest = 41
    /// Of the newest that Teal was tried with, Docker 28.5. A newer API may mean something else by
    /// the same words, so that it is not spoken.
    package static let newestTried = 51

    /// The minor number of the daemon's own version; the major one is 1.
    private let daemon: Int

    /// nil for a daemon that is too old, or that names no version.
    package init?(ofDaemon text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "1", let minor = Int(parts[1]), minor >= Self.oldest
        else { return nil }
        daemon = minor
    }

    /// The lower of the daemon's and the newest that was tried: `1.41`.
    package var spoken: String { "1.\(min(daemon, Self.newestTried))" }

    /// With a word on a daemon that is newer.
    package var description: String {
        guard daemon > Self.newestTried else { return "API \(spoken)" }
        return "API \(spoken) (it knows 1.\(daemon), which is newer than Teal was tried with)"
    }
}
