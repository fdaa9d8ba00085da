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
