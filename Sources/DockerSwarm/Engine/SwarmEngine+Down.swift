import BlueGreen
import DockerEngine
package import Orchestration

extension SwarmEngine {
    /// The services that no colour has, then all that only they were in. Nothing without the app's
    /// label is touched.
    ///
    /// - Returns: none, since a service with a volume without a name is refused.
    package func takeDown() async throws -> [UnnamedVolume] {
        try await remove(try await appServices())
        try await removeNetworks()
        // The last to go: while it is there, no other manager takes its own history for the newest.
        for config in try await api.configs(labels: ["\(ResourceLabel.app)=\(app)"])
        where config.label(RecordKind.label) != nil { try await api.remove(config) }
        return []
    }
}
