import BlueGreen
import Orchestration
import TestSupport

struct ScriptedStore {
    var deployments: [Deployment] = []
    var releases: [Release] = []
    var memoryUses: [String: MemoryUse] = [:]
    /// Why the deployment cannot be saved, by how it stands; nil where it can.
    var saveError: @Sendable (Deployment) -> String? = { _ in nil }
    var deleteError: String?
    var memorySaved: [ReleaseID: [String: MemoryUse]] = [:]
}

extension ScriptedHost: DeploymentStore {
    func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {
        with { script in
            script.store.memoryUses.merge(seen) { $0.merged(with: $1) }
            script.store.memorySaved[release, default: [:]].merge(seen) { $0.merged(with: $1) }
        }
    }

    func memoryUses() async throws -> [String: MemoryUse] { with { $0.store.memoryUses } }

    func save(_ deployment: Deployment) async throws {
        try refuse { $0.store.saveError(deployment) }
        with { script in
            script.store.deployments.removeAll { $0.number == deployment.number }
            script.store.deployments.insert(deployment, at: 0)
        }
    }

    func deployments(limit: Int) async throws -> [Deployment] {
        with { Array($0.store.deployments.prefix(limit)) }
    }

    func save(_ release: Release) async throws { with { $0.store.releases.insert(release, at: 0) } }
    func releases() async throws -> [Release] { with { $0.store.releases } }

    func deleteRelease(_ id: ReleaseID) async throws {
        try refuse { $0.store.deleteError }
        with { $0.store.releases.removeAll { $0.id == id } }
    }
}
struct ScriptedGauge {
    /// Samples of the host, in order; the last one stays. Their moments are those of the clock.
    var samples: [HostSample] = [Sample.roomyHost]
    /// The host from a moment on, whatever the samples are.
    var later: (from: Timestamp, sample: HostSample)?
    var error: String?
}

extension ScriptedHost: HostGauge {
    func sample() async throws -> HostSample {
        try refuse { $0.gauge.error }
        return with { script in
            var sample = script.gauge.samples.takeFirstButKeepLast() ?? Sample.roomyHost
            if let later = script.gauge.later, script.now >= later.from { sample = later.sample }
            return sample.taken(at: script.now)
        }
    }
}
