package import BlueGreen
package import DockerEngine
import FoundationEssentials
package import Orchestration

/// The store of the manager that this run is on, which begins with what another one has recorded
/// and shares what a run on another one needs. The run has the app's lease.
///
/// A deployment is shared at its landmarks. Its steps between them are on this manager only: a run
/// on another one looks at everything that they change. Uses of memory are not shared.
package actor SharedRecord: DeploymentStore {
    private let local: any AdoptingDeploymentStore
    private let configs: StateConfigs
    private let run = EdgeClaim().run
    private var isCurrent = false
    private var edition: Edition?
    /// As this run has written them last.
    private var state: Data?
    private var landmarks: Landmarks?

    package init(
        _ local: any AdoptingDeploymentStore, app: String, api: EngineAPI, clock: any WallClock
    ) {
        self.local = local
        configs = StateConfigs(app: app, api: SwarmAPI(engine: api, clock: clock))
    }

    /// - Throws: `SwarmError.recordOvertaken` where another run has written meanwhile. This
    ///   manager's own record is then as it should be, and counts for nothing.
    package func save(_ deployment: Deployment) async throws {
        try await catchUp()
        try await local.save(deployment)
        let landmarks = Landmarks(deployment)
        guard landmarks != self.landmarks else { return }
        try await share()
        self.landmarks = landmarks
    }

    package func deployments(limit: Int) async throws -> [Deployment] {
        try await catchUp()
        return try await local.deployments(limit: limit)
    }

    /// It is shared with its deployment, which comes next.
    package func save(_ release: Release) async throws {
        try await catchUp()
        try await local.save(release)
    }

    package func releases() async throws -> [Release] {
        try await catchUp()
        return try await local.releases()
    }

    package func deleteRelease(_ id: ReleaseID) async throws {
        try await catchUp()
        try await local.deleteRelease(id)
        try await share()
    }

    package func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {
        try await local.save(memory: seen, of: release)
    }

    package func memoryUses() async throws -> [String: MemoryUse] {
        try await local.memoryUses()
    }

    private func catchUp() async throws {
        if isCurrent { return }
        let known = try await local.edition()
        switch try await configs.news(since: known) {
        case .none: edition = known
        case .records(let records, let edition):
            try await local.adopt(records, of: edition)
            self.edition = edition
        case .over:
            try await local.forgetLife()
            edition = nil
        }
        isCurrent = true
    }

    private func share() async throws {
        let data = try SharedState.data(
            try await local.deployments(limit: Self.depth), try await local.releases())
        guard data != state else { return }
        let next = Edition(life: edition?.life ?? run, number: (edition?.number ?? 0) + 1)
        try await configs.write(data, as: next, by: run)
        edition = next
        state = data
        try await local.note(next)
    }

    /// How far back the deployment is looked up that gave a release its traffic.
    private static let depth = 100
}

/// The parts of a deployment that decide how a run on another manager takes it up. All else it finds
/// in the swarm.
struct Landmarks: Hashable, Sendable {
    private let order: Order
    private let startedAt: Timestamp
    private let outcome: Outcome?
    private let waitsUntil: Timestamp?
    private let way: Position.Way?
    private let milestones: Set<Facts.Milestone>
    private let fit: Facts.Fit
    private let owed: [Owed]

    init(_ deployment: Deployment) {
        order = deployment.order
        startedAt = deployment.startedAt
        outcome = deployment.outcome
        waitsUntil = deployment.waitsUntil
        way = deployment.position?.way
        milestones = Set(deployment.facts.milestones.keys)
        fit = deployment.facts.fit
        owed = deployment.facts.owed
    }
}
