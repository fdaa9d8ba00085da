/// Asks nginx's workers what they run; a port of its own so that tests need no nginx.
protocol StatusSource: Sendable {
    /// The answer of one worker over a fresh TCP connection; nil where a server answered that is
    /// not this app's status server.
    ///
    /// - Throws: `NginxError.unreachable` where nothing answered in time.
    func status(of app: String, at address: StatusAddress) async throws -> StatusAnswer?
}
