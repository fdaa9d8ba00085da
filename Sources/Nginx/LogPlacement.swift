/// Where a line `access_log` adds to the user's own: nginx forgets those of the levels above as
/// soon as a level has one.
enum LogPlacement: String, Codable, Sendable {
    /// In `http.conf`, beside those that every site inherits.
    case http
    /// In `server.conf`, where each site has its own, or inherits that nothing is logged.
    case server
    /// Some log of the user's would end.
    case nowhere
}
