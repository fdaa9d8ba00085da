import BlueGreen
import DockerEngine
import FoundationEssentials
import Orchestration

/// The records of an app that all managers share: the config `APP-state-N` with the highest number,
/// which is written by the run that has the lease. The one before it stays as well.
struct StateConfigs: Sendable {
    static let life = "teal.life"
    static let number = "teal.number"

    let app: String
    let api: SwarmAPI

    /// The record as it is now, for a store that has a part in an earlier one.
    enum News: Sendable {
        /// There is no newer one.
        case none
        case records(SharedRecords, Edition)
        /// The app was taken down, by whichever manager.
        case over
    }

    func news(since known: Edition?) async throws -> News {
        guard let newest = try await all().first else {
            // While anything of the app is there, it was not taken down.
            guard known != nil, try await api.services(labels: [appLabel]).isEmpty else {
                return .none
            }
            return .over
        }
        guard newest.edition.isNewer(than: known) else { return .none }
        return .records(
            try SharedState(newest.config.data, of: newest.config.name).records, newest.edition)
    }

    /// Compare-and-swap.
    ///
    /// - Parameter run: the word by which a run knows its own.
    /// - Throws: `SwarmError.recordOvertaken` where another run has written since the edition before
    ///   this one.
    func write(_ state: Data, as edition: Edition, by run: String) async throws {
        let name = "\(app)-state-\(edition.number)"
        let labels = [
            ResourceLabel.app: app, RecordKind.label: RecordKind.state.rawValue,
            Self.life: edition.life, Self.number: "\(edition.number)", EdgeClaim.label: run,
        ]
        if try await !api.createConfig(name, labels: labels, data: state) {
            // It was made although a leader that went did not say so.
            guard try await api.config(name)?.label(EdgeClaim.label) == run else {
                throw SwarmError.recordOvertaken(name)
            }
        }
        let present = try await all()
        let others = present.filter { $0.edition != edition }
        guard !others.contains(where: { $0.edition.isNewer(than: edition) }) else {
            for own in present where own.edition == edition { try await api.remove(own.config) }
            throw SwarmError.recordOvertaken(name)
        }
        for old in others.dropFirst() { try await api.remove(old.config) }
    }

    private var appLabel: String { "\(ResourceLabel.app)=\(app)" }

    /// Highest number first.
    private func all() async throws -> [(config: SwarmConfig, edition: Edition)] {
        try await api.configs(labels: [appLabel, RecordKind.state.filter])
            .compactMap { config in
                guard let life = config.label(Self.life),
                    let number = config.label(Self.number).flatMap({ Int($0) })
                else { return nil }
                return (config, Edition(life: life, number: number))
            }.sorted { $0.edition.number > $1.edition.number }
    }
}

/// The configs in which Teal keeps records.
enum RecordKind: String {
    case state
    case release

    static let label = "teal.record"

    var filter: String { "\(Self.label)=\(rawValue)" }
}

/// The most that a config of Teal's holds: Docker 20.10 takes 500 kB, and later ones twice that.
enum ConfigLimit {
    static let bytes = 400_000
}

/// The content of `APP-state-N`.
struct SharedState: Hashable, Codable, Sendable {
    private static let currentVersion = 1

    let version: Int
    let records: SharedRecords

    init(_ records: SharedRecords) {
        version = Self.currentVersion
        self.records = records
    }

    /// - Parameter name: of the config, for the error.
    init(_ data: Data, of name: String) throws {
        let state: SharedState
        do {
            state = try JSONDecoder().decode(SharedState.self, from: data)
        } catch let error as DecodingError {
            throw SwarmError.badConfig(name, reason: "\(error)")
        }
        guard state.version == Self.currentVersion else {
            throw SwarmError.badConfig(name, reason: "its version \(state.version) is not known")
        }
        self = state
    }

    var data: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// The last ten deployments, or fewer where these take too much room, and the one that gave
    /// each older release its traffic: without it, that release would not be kept to go back to.
    ///
    /// - Parameters:
    ///   - deployments: newest first.
    ///   - limit: in bytes.
    static func data(
        _ deployments: [Deployment], _ releases: [Release], limit: Int = ConfigLimit.bytes
    ) throws -> Data {
        let bringers = releases.compactMap { release in
            deployments.first {
                $0.outcome == .promoted && $0.candidate.release == release.id
            }
        }
        func data(newest count: Int, _ others: [Deployment]) throws -> Data {
            let numbers = Set((deployments.prefix(count) + others).map(\.number))
            let chosen = deployments.filter { numbers.contains($0.number) }
            return try SharedState(SharedRecords(deployments: chosen, releases: releases)).data
        }
        for count in [10, 5, 2] {
            let data = try data(newest: count, bringers)
            if data.count <= limit { return data }
        }
        return try data(newest: 1, [])
    }
}
