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
