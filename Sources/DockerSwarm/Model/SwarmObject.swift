import BlueGreen
import Crypto

/// A config or a secret of the compose file as an object of the swarm, which nobody can change.
///
/// Its name has the digest of its content: another content is another object beside it, and each
/// release finds the one of its own day.
struct SwarmObject: Hashable, Codable, Sendable {
    enum Kind: String, Hashable, Codable, CaseIterable, Sendable {
        case config
        case secret

        /// Of the compose file and of each service in it.
        var section: String { "\(rawValue)s" }

        /// With which the engine's own keys begin: `ConfigID`.
        var word: String {
            switch self {
            case .config: "Config"
            case .secret: "Secret"
            }
        }

        /// The swarm refuses one byte more (seen with 20.10).
        var largest: ByteCount {
            switch self {
            case .config: ByteCount(bytes: 1_023_999)
            case .secret: ByteCount(bytes: 511_999)
            }
        }

        /// Where a container has one whose target is no absolute path.
        var folder: String {
            switch self {
            case .config: "/"
            case .secret: "/run/secrets/"
            }
        }
    }

    let kind: Kind
    /// In the compose file.
    let key: String
    /// In hexadecimal digits.
    let digest: String

    /// The digest is of app and key as well, so that no table of known ones has it.
    init(_ kind: Kind, _ key: String, _ content: [UInt8], of app: String) {
        self.kind = kind
        self.key = key
        var hash = SHA256()
        hash.update(data: Array("\(app) \(kind.rawValue) \(key)\n".utf8))
        hash.update(data: content)
        digest = hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// In the swarm, which takes 64 letters: a long key is cut, and the digest tells two apart.
    func name(in app: String) -> String {
        let (start, end) = ("\(app)-\(kind.rawValue)-", "-\(digest.prefix(Self.digits))")
        return start + key.prefix(Self.longestName - start.count - end.count) + end
    }

    private static let digits = 12
    private static let longestName = 64
}
