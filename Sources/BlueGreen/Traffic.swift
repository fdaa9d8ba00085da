/// The colours that get requests, as the symlink says it.
package struct Traffic: Hashable, Sendable {
    package var division: Division
    /// Whether nginx writes down each request, as long as the watch lasts.
    package var isWatched: Bool
    /// Whether visitors get a page instead, whichever colour would have their requests.
    package var isInMaintenance: Bool

    package init(
        _ colour: Colour?, canary: Share? = nil, isWatched: Bool = false,
        isInMaintenance: Bool = false
    ) {
        division = Division(colour)
        if let colour, let canary { division = .share(canary, to: colour.other) }
        self.isWatched = isWatched
        self.isInMaintenance = isInMaintenance
    }

    /// The colour that gets all requests, but for the canary's share; nil where nobody gets any.
    package var colour: Colour? { division.colour }

    /// The share that the other colour gets of them meanwhile.
    package var canary: Share? { division.share }

    /// The colours that must not be stopped.
    package var colours: Set<Colour> {
        guard let colour else { return [] }
        return canary == nil ? [colour] : [colour, colour.other]
    }
}

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
