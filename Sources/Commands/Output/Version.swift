import BuildStamp

/// The answer of `teal --version`.
enum Version {
    /// The one place where the version stands. `.ci/package` reads it here.
    static let number = "0.1.0"

    static var text: String { text(commit: BuildStamp.commit, date: BuildStamp.date) }

    static func text(commit: String?, date: String?) -> String {
        guard let commit, let date else { return "\(number) (development build)" }
        return "\(number) (commit \(commit), built from sources of \(date))"
    }
}
