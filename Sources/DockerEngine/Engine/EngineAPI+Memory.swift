package import BlueGreen

extension EngineAPI {
    /// The memory that the container holds now, without the file cache that the kernel would take
    /// back from it at once; nil for one that does not run.
    package func memoryUse(of id: String) async throws -> ByteCount? {
        let statistics: ContainerStatistics? = try await look(
            EngineRequest(
                method: .get, path: "/containers/\(id)/stats",
                query: [("stream", "0"), ("one-shot", "1")],
                act: "tell the memory use of \(id.prefix(12))"))
        return statistics?.memory?.held
    }
}

/// The part of `GET /containers/ID/stats` that Teal reads.
struct ContainerStatistics: Decodable, Sendable {
    let memory: Memory?

    struct Memory: Decodable, Sendable {
        /// Missing for a container that does not run.
        let usage: Int64?
        let details: [String: Int64]?

        enum CodingKeys: String, CodingKey {
            case usage
            case details = "stats"
        }

        /// cgroup v1 calls the cache of the whole group `total_inactive_file`, v2
        /// `inactive_file`.
        var held: ByteCount? {
            guard let usage else { return nil }
            let cache = details?["total_inactive_file"] ?? details?["inactive_file"] ?? 0
            return ByteCount(bytes: max(0, usage - cache))
        }
    }

    enum CodingKeys: String, CodingKey { case memory = "memory_stats" }
}
