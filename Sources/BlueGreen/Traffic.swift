/// Who gets which requests, as the symlink says it.
package struct Traffic: Hashable, Sendable {
    /// Gets all requests, but for the canary's share; nil where nobody gets any.
    package var colour: Colour?
    /// What the other colour gets of them meanwhile.
    package var canary: Share?
    /// Whether nginx writes down each request, as long as the watch lasts.
    package var isWatched: Bool
    /// Whether visitors get a page instead, whoever would have their requests.
    package var isInMaintenance: Bool

    package init(
        _ colour: Colour?, canary: Share? = nil, isWatched: Bool = false,
        isInMaintenance: Bool = false
    ) {
        self.colour = colour
        self.canary = canary
        self.isWatched = isWatched
        self.isInMaintenance = isInMaintenance
    }

    package var division: Division {
        guard let colour else { return .nobody }
        return canary.map { .share($0, to: colour.other) } ?? .all(colour)
    }

    /// The colours that must not be stopped.
    package var colours: Set<Colour> {
        guard let colour else { return [] }
        return canary == nil ? [colour] : [colour, colour.other]
    }
}
