/// A division of the requests between the colours, as the router of traffic makes it.
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

/// By what a canary knows a client again.
package enum Stickiness: Hashable, Codable, Sendable {
    /// By its address and its User-Agent.
    case client
    /// By the cookie of this name, of letters, digits and `_`; by the client where there is none.
    case cookie(String)
    /// By the header field of this name, of letters, digits and `-`; by the client where there is
    /// none.
    case header(String)
}

/// How nginx is made to send requests elsewhere.
package enum SwitchMode: String, CaseIterable, Codable, Sendable {
    /// nginx looks at a symlink on every request; a switch renames it.
    case live
    /// The user's own configuration says `proxy_pass http://APP_SERVICE;`; a switch renames the
    /// symlink and reloads nginx.
    case reload
}
