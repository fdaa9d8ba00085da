import BlueGreen
import DockerEngine
import Orchestration

extension SwarmEngine {
    /// The services that no colour has, then all that only they were in. Nothing without the app's
    /// label is touched.
    package func takeDown() async throws {
        try await remove(try await appServices())
        try await removeNetworks()
    }
}
