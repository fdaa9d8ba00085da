import BlueGreen
import Dashboard
import HostSystem
import Orchestration

/// The tokens of the page, for the verbs that make and end them.
struct PageTokens: Sendable {
    private let state: StateDirectory
    private let clock = SystemClock()
    private static let patience = Duration.seconds(10)

    init(_ state: StateDirectory) {
        self.state = state
    }

    func create(
        name: String?, readOnly: Bool, expires: Duration?
    ) async throws -> (secret: String, token: TokenDocument) {
        try await locked { file in
            let now = clock.now
            let made = try file.create(
                name: name, readOnly ? .read : .act, expiresAt: expires.map { now + $0 }, at: now)
            return (made.secret, TokenDocument(made.token, at: now))
        }
    }

    func list() throws -> [TokenDocument] {
        try TokenFile(path: state.pageTokens).tokens().map { TokenDocument($0, at: clock.now) }
    }

    func revoke(_ name: String) async throws -> TokenDocument {
        try await locked { TokenDocument(try $0.revoke(name)) }
    }

    private func locked<Result>(_ body: (TokenFile) throws -> Result) async throws -> Result {
        try FileSystem().makeFolder(state.root, access: .ownerOnly)
        let holder = LockHolder(
            pid: ProcessInformation.pid, since: clock.now, verb: "watch token", release: nil)
        let lock = try await FileLock.acquire(
            path: state.pageTokensLock, holder: holder, waitingAtMost: Self.patience,
            clock: clock, onWait: { _ in })
        defer { lock.release() }
        return try body(TokenFile(path: state.pageTokens))
    }
}

/// A token of the page in `--json`; nobody can make the token itself from it.
struct TokenDocument: Encodable, Hashable {
    let id: String
    let name: String
    /// `read`, `act`.
    let rights: String
    /// RFC 3339.
    let createdAt: String
    /// Left out for one without an end.
    let expiresAt: String?
    /// Whether it lets anybody in now.
    let isValid: Bool
}

extension TokenDocument {
    /// - Parameter now: nil for one that was revoked.
    init(_ token: AccessToken, at now: Timestamp? = nil) {
        id = token.id
        name = token.name
        rights = token.rights.rawValue
        createdAt = token.createdAt.rfc3339
        expiresAt = token.expiresAt?.rfc3339
        isValid = now.map(token.isValid) ?? false
    }
}

extension TokenError: ExitStatusConvertible {
    var exitStatus: ExitStatus {
        switch self {
        case .nameTaken, .unknown, .tooMany: .usage
        case .unreadable: .unexpectedError
        }
    }
}
