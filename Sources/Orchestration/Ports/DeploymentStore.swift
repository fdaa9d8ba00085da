package import BlueGreen

/// An app's deployments and releases, on disk before the next act.
package protocol DeploymentStore: Sendable {
    /// Durable when it returns. The same number again replaces the record.
    func save(_ deployment: Deployment) async throws

    /// Newest first.
    func deployments(limit: Int) async throws -> [Deployment]

    func save(_ release: Release) async throws

    /// Newest first.
    func releases() async throws -> [Release]

    /// The record of the release's use of memory goes with it.
    func deleteRelease(_ id: ReleaseID) async throws

    /// Keeps the greater of the known figure and the present one.
    ///
    /// - Parameter seen: the memory that one container of each service took, by service.
    func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws

    /// The most that one container of each service was seen to take in any release that is kept,
    /// by service.
    func memoryUses() async throws -> [String: MemoryUse]
}

/// A store of one host that can take over what another host has recorded of the same app.
package protocol AdoptingDeploymentStore: DeploymentStore {
    /// The newest writing that it has a part in; nil before the first one.
    func edition() async throws -> Edition?

    /// To be called once the store's own records are that writing.
    func note(_ edition: Edition) async throws

    /// Takes the records of the writing over, all at once. Deployments that are older than they are
    /// stay, unless they are of another life.
    func adopt(_ records: SharedRecords, of edition: Edition) async throws

    /// All of the records belong to a life of the app that is over.
    func forgetLife() async throws
}

/// One writing of the records that several hosts share.
package struct Edition: Hashable, Sendable {
    /// Another one for each life of the app, which `teal down` ends.
    package let life: String
    /// Counts up from 1 in each life.
    package let number: Int

    package init(life: String, number: Int) {
        self.life = life
        self.number = number
    }

    /// Whether its records replace those of the other one.
    package func isNewer(than other: Edition?) -> Bool {
        guard let other, other.life == life else { return true }
        return number > other.number
    }
}

/// The records of an app that several hosts share.
package struct SharedRecords: Hashable, Codable, Sendable {
    /// Newest first, the newest one included, and not all of them.
    package let deployments: [Deployment]
    /// All of them, newest first.
    package let releases: [Release]

    package init(deployments: [Deployment], releases: [Release]) {
        self.deployments = deployments
        self.releases = releases
    }

    /// As a store has them that takes these over: its own older deployments stay.
    package func joined(with older: [Deployment]) -> [Deployment] {
        let known = Set(deployments.map(\.number))
        let newest = deployments.first?.number ?? 0
        let rest = older.filter { $0.number < newest && !known.contains($0.number) }
        return (deployments + rest).sorted { $0.number > $1.number }
    }
}

/// A failure of the store. One that comes of a full disk before anything began is no fault of
/// Teal's or the caller's: traffic is where it was.
package protocol StoreFailure: Error {
    /// Whether the disk has no room for the record.
    var lacksRoom: Bool { get }
}

/// The record of a release for the day one goes back to it. Its container set is in the release's
/// folder.
package struct Release: Hashable, Codable, Sendable {
    package let id: ReleaseID
    package let label: String?
    package let createdAt: Timestamp
    /// In start order.
    package let services: [PlannedService]

    package init(
        id: ReleaseID, label: String?, createdAt: Timestamp, services: [PlannedService]
    ) {
        self.id = id
        self.label = label
        self.createdAt = createdAt
        self.services = services
    }
}

extension DeploymentStore {
    /// The deployment that no run has finished, if there is one.
    package func unfinished() async throws -> Deployment? {
        try await deployments(limit: 1).first { $0.outcome == nil }
    }
}
