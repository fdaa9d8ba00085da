package import BlueGreen
package import DockerEngine
package import Orchestration

/// The records as all managers share them, with the older ones of this manager, to be read alone:
/// nothing is taken over into this manager's store.
package actor SharedView: DeploymentStore {
    private let local: any AdoptingDeploymentStore
    private let configs: StateConfigs
    private let note: @Sendable (String) -> Void
    private var known: StateConfigs.News?

    /// - Parameter note: told where the swarm cannot be asked, so that the records may not be the
    ///   newest.
    package init(
        _ local: any AdoptingDeploymentStore, app: String, api: EngineAPI, clock: any WallClock,
        note: @escaping @Sendable (String) -> Void
    ) {
        self.local = local
        self.note = note
        var api = SwarmAPI(engine: api, clock: clock)
        // Another leader is waited for by those that need one.
        api.patience = .zero
        configs = StateConfigs(app: app, api: api)
    }

    package func deployments(limit: Int) async throws -> [Deployment] {
        switch try await news() {
        case .none: return try await local.deployments(limit: limit)
        case .records(let records, let edition):
            let life = try await local.edition()?.life
            let isSame = life == nil || life == edition.life
            let older = isSame ? try await local.deployments(limit: limit) : []
            return Array(records.joined(with: older).prefix(limit))
        case .over: return []
        }
    }

    package func releases() async throws -> [Release] {
        switch try await news() {
        case .none: try await local.releases()
        case .records(let records, _): records.releases
        case .over: []
        }
    }

    package func memoryUses() async throws -> [String: MemoryUse] {
        try await local.memoryUses()
    }

    private func news() async throws -> StateConfigs.News {
        if let known { return known }
        let found: StateConfigs.News
        do {
            found = try await configs.news(since: try await local.edition())
        } catch let error where error is any ClusterFailure || error is DockerError {
            note(
                "The history that the managers share could not be read, so this is the one of this "
                    + "node, which may be older: \(error)")
            found = .none
        }
        known = found
        return found
    }

    // MARK: For those that write, which have another store

    package func save(_ deployment: Deployment) async throws { try await local.save(deployment) }

    package func save(_ release: Release) async throws { try await local.save(release) }

    package func deleteRelease(_ id: ReleaseID) async throws {
        try await local.deleteRelease(id)
    }

    package func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {
        try await local.save(memory: seen, of: release)
    }
}
