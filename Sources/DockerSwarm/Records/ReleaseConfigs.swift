import BlueGreen
import Crypto
import DockerEngine
import FoundationEssentials
import Orchestration

/// Copies of the records of releases that every manager can read: a config `APP-record-DIGEST` for
/// each release, whose label names it.
struct ReleaseConfigs: Sendable {
    let app: String
    let api: SwarmAPI

    func write(_ copy: Data, of release: ReleaseID) async throws {
        guard copy.count <= ConfigLimit.bytes else {
            throw SwarmError.recordTooLarge(release, ByteCount(bytes: Int64(copy.count)))
        }
        let name = "\(app)-record-\(Self.digest(copy, of: release))"
        let labels = [
            ResourceLabel.app: app, RecordKind.label: RecordKind.release.rawValue,
            ResourceLabel.release: release.text,
        ]
        if try await !api.createConfig(name, labels: labels, data: copy) {
            // One of this name holds these very bytes, if it is Teal's.
            guard try await api.config(name)?.label(ResourceLabel.release) == release.text else {
                throw SwarmError.foreignConfig(name)
            }
        }
        for other in try await all() where other.release == release && other.config.name != name {
            try await api.remove(other.config)
        }
    }

    /// nil where there is none.
    func read(_ release: ReleaseID) async throws -> Data? {
        let own = try await all().filter { $0.release == release }
        return own.max { $0.config.version < $1.config.version }?.config.data
    }

    func discard(except kept: Set<ReleaseID>) async throws {
        for other in try await all() where !kept.contains(other.release) {
            try await api.remove(other.config)
        }
    }

    private func all() async throws -> [(config: SwarmConfig, release: ReleaseID)] {
        try await api.configs(
            labels: ["\(ResourceLabel.app)=\(app)", RecordKind.release.filter]
        ).compactMap { config in
            config.label(ResourceLabel.release).flatMap(ReleaseID.init).map { (config, $0) }
        }
    }

    /// Twelve digits: a config's name has at most 64 characters.
    private static func digest(_ copy: Data, of release: ReleaseID) -> String {
        let digits = SHA256.hash(data: Data(release.text.utf8) + copy).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return String(digits.joined().prefix(12))
    }
}
