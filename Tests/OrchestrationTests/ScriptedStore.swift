import BlueGreen
import Orchestration
import TestSupport

struct ScriptedStore {
    var deployments: [Deployment] = []
    var releases: [Release] = []
    var memoryPeaks: [String: ByteCount] = [:]
    /// Why the deployment cannot be saved, by how it stands; nil where it can.
    var saveError: @Sendable (Deployment) -> String? = { _ in nil }
    var deleteError: String?
    var memorySaved: [ReleaseID: [String: ByteCount]] = [:]
}

extension ScriptedHost: DeploymentStore {
    func save(memory seen: [String: ByteCount], of release: ReleaseID) async throws {
        with { script in
            script.store.memoryPeaks.merge(seen) { max($0, $1) }
            script.store.memorySaved[release, default: [:]].merge(seen) { max($0, $1) }
        }
    }

    func memoryPeaks() async throws -> [String: ByteCount] { with { $0.store.memoryPeaks } }

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
    var error: String?
}

extension ScriptedHost: HostGauge {
    func sample() async throws -> HostSample {
        try refuse { $0.gauge.error }
        return with { script in
            let sample = script.gauge.samples.takeFirstButKeepLast() ?? Sample.roomyHost
            return sample.taken(at: script.now)
        }
    }
}
