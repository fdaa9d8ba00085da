import FoundationEssentials
import HostSystem
import TestSupport

/// One deployment of `teal history --json`, as far as the benchmark reads it.
struct MeasuredDeployment: Decodable {
    struct Phase: Decodable {
        let name: String
        /// RFC 3339 with milliseconds.
        let startedAt: String
        let durationMilliseconds: Double?
    }

    let number: Int
    let durationMilliseconds: Double?
    let phases: [Phase]

    /// The time in phases of these names together.
    func milliseconds(in names: String...) -> Double {
        phases.filter { names.contains($0.name) }.compactMap(\.durationMilliseconds).reduce(0, +)
    }

    static func last(of story: Story) async throws -> MeasuredDeployment {
        struct History: Decodable {
            let deployments: [MeasuredDeployment]
        }
        let result = try await story.teal(["history", "--json"])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let history = try decoder.decode(History.self, from: Data(result.standardOutput.utf8))
        guard let last = history.deployments.first else {
            throw StoryError.unexpected("teal history", result)
        }
        return last
    }
}
