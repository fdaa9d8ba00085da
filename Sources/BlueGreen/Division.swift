/// Who gets requests: all that can be asked of the router of traffic.
package enum Division: Hashable, Codable, Sendable {
    /// nginx answers 503.
    case nobody
    case all(Colour)
    /// The colour gets the share; the other colour keeps the rest.
    case share(Share, to: Colour)

    package init(_ colour: Colour?) {
        self = colour.map { .all($0) } ?? .nobody
    }

    /// The colour that has traffic, or the rest of it, after this division.
    package func live(before: Colour?) -> Colour? {
        switch self {
        case .nobody: nil
        case .all(let colour): colour
        case .share: before
        }
    }
}
