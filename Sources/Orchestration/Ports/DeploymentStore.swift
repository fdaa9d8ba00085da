package import BlueGreen

/// What an app's deployments were and are, on disk before the next act.
package protocol DeploymentStore: Sendable {
    /// Durable when it returns. The same number again replaces the record.
    func save(_ deployment: Deployment) async throws

    /// Newest first.
    func deployments(limit: Int) async throws -> [Deployment]

    func save(_ release: Release) async throws

    /// Newest first.
    func releases() async throws -> [Release]

    /// What was seen of the release's use of memory goes with it.
    func deleteRelease(_ id: ReleaseID) async throws

    /// Keeps the greater of what is known and what was seen now.
    ///
    /// - Parameter seen: what one container of each service held, by service.
    func save(memory seen: [String: ByteCount], of release: ReleaseID) async throws

    /// The most that one container of each service was seen to hold in any release that is kept,
    /// by service.
    func memoryPeaks() async throws -> [String: ByteCount]
}

/// What is kept of a release for the day one goes back to it; its container set stands in the
/// release's folder.
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
