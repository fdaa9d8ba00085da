import DockerEngine
import FoundationEssentials

extension SwarmAPI {
    /// The managers keep its content encrypted, and give it to the tasks that have it alone.
    ///
    /// - Returns: whether it was made; else there is one of this name.
    func createSecret(
        _ name: String, labels: [String: String], data: Data
    ) async throws -> Bool {
        let response = try await send(
            EngineRequest(
                method: .post, path: "/secrets/create",
                body: [
                    "Name": .string(name), "Labels": .object(labels.mapValues(JSONValue.string)),
                    "Data": .string(data.base64EncodedString()),
                ], act: "create the secret \(name)", alsoGood: [409]))
        return response.status != 409
    }
}
