package import BlueGreen
import Crypto
import FoundationEssentials
import HostSystem

/// A token as it is kept: nobody can read the token itself from it.
package struct AccessToken: Hashable, Codable, Sendable {
    package enum Rights: String, Codable, Sendable {
        case read
        case act
    }

    package let id: String
    package let name: String
    package let rights: Rights
    package let createdAt: Timestamp
    /// nil for one without an end.
    package let expiresAt: Timestamp?
    /// SHA-256, in hexadecimal.
    let digest: String

    package func isValid(at now: Timestamp) -> Bool {
        expiresAt.map { now < $0 } ?? true
    }
}

/// Secrets of 256 random bits, and their digests.
enum RandomSecret {
    static func make() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { hexadecimal($0) }
    }

    static func digest(_ text: String) -> String {
        hexadecimal(SHA256.hash(data: Array(text.utf8)))
    }

    /// Takes as long for a wrong text as for the right one of the same length.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The tokens of this host, in one file that its owner alone can read.
package struct TokenFile: Sendable {
    private struct Content: Codable {
        var formatVersion = 1
        var tokens: [AccessToken] = []
    }

    package let path: String

    /// A file that is read for each request has a bound.
    private static let most = 1000

    package init(path: String) {
        self.path = path
    }

    /// - Throws: where the file cannot be read; without a file there are no tokens.
    package func tokens() throws -> [AccessToken] {
        guard let text = try FileSystem().readTextIfPresent(path) else { return [] }
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: Data(text.utf8))
        } catch {
            throw TokenError.unreadable(path: path)
        }
        guard content.formatVersion == 1 else { throw TokenError.unreadable(path: path) }
        return content.tokens
    }

    /// - Returns: the token itself, which is nowhere else, and what is kept of it.
    package func create(
        name: String?, _ rights: AccessToken.Rights, expiresAt: Timestamp?, at now: Timestamp
    ) throws -> (secret: String, token: AccessToken) {
        var tokens = try tokens()
        guard tokens.count < Self.most else { throw TokenError.tooMany }
        let secret = "teal_" + RandomSecret.make()
        let digest = RandomSecret.digest(secret)
        let id = String(digest.prefix(8))
        let token = AccessToken(
            id: id, name: name ?? id, rights: rights, createdAt: now, expiresAt: expiresAt,
            digest: digest)
        if tokens.contains(where: { $0.name == token.name }) {
            throw TokenError.nameTaken(token.name)
        }
        tokens.append(token)
        try write(tokens)
        return (secret, token)
    }

    /// - Parameter name: its name, or its id.
    package func revoke(_ name: String) throws -> AccessToken {
        var tokens = try tokens()
        guard let index = tokens.firstIndex(where: { $0.name == name || $0.id == name }) else {
            throw TokenError.unknown(name)
        }
        let token = tokens.remove(at: index)
        try write(tokens)
        return token
    }

    /// - Returns: nil for a wrong one, and for one whose time is over.
    func token(of secret: String, at now: Timestamp) throws -> AccessToken? {
        let digest = RandomSecret.digest(secret)
        return try tokens().filter { RandomSecret.isEqual($0.digest, digest) }
            .first { $0.isValid(at: now) }
    }

    private func write(_ tokens: [AccessToken]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let bytes = [UInt8](try encoder.encode(Content(tokens: tokens)))
        try AtomicFile.write(bytes: bytes, to: path, access: .ownerOnly)
    }
}

package enum TokenError: Error, Hashable, CustomStringConvertible {
    case unreadable(path: String)
    case nameTaken(String)
    case unknown(String)
    case tooMany

    package var description: String {
        switch self {
        case .unreadable(let path):
            "\(path) cannot be read as a file of tokens. Next: remove it, and create the tokens "
                + "again."
        case .nameTaken(let name):
            "There is a token named \(name) already. Next: choose another --name, or revoke that "
                + "one."
        case .unknown(let name):
            "There is no token \(name). Next: `teal watch token list` names them."
        case .tooMany: "There are 1000 tokens. Next: revoke some of them."
        }
    }
}
