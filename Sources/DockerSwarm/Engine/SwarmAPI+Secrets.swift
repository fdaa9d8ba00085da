import DockerEngine
import FoundationEssentials

extension SwarmAPI {
    /// The managers keep its content encrypted, and give it to the tasks that have it alone.
    ///
    /// - Returns: whether it was made; else there is one of this name.
    func createSecret(
        _ name: String, labels: [String: String], data: Data
    ) async throws -> Bool {
        try await create(.secret, name, labels: labels, data: data)
    }
}
