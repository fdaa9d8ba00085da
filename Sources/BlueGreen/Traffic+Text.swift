extension Traffic {
    /// `traffic is on blue, release 20261119-081200-77aa (v1)`, or `no colour has traffic`.
    ///
    /// - Parameter live: the colour that the symlink names.
    package static func clause(_ live: Colour?, release: ReleaseName? = nil) -> String {
        guard let live else { return "no colour has traffic" }
        return "traffic is on \(live)" + (release.map { ", release \($0)" } ?? "")
    }

    /// The same as a sentence: `Traffic is on blue.`
    ///
    /// - Parameter rest: stands before the full stop, ` behind it`.
    package static func sentence(
        _ live: Colour?, release: ReleaseName? = nil, _ rest: String = ""
    ) -> String {
        let clause = clause(live, release: release)
        return clause.prefix(1).uppercased() + clause.dropFirst() + rest + "."
    }
}
