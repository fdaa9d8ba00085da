/// How nginx is made to send requests elsewhere.
package enum SwitchMode: String, CaseIterable, Codable, Sendable {
    /// nginx looks at a symlink on every request; a switch renames it.
    case live
    /// The user's own configuration says `proxy_pass http://APP_SERVICE;`; a switch renames the
    /// symlink and reloads nginx.
    case reload
}
