import BlueGreen
import HostSystem

extension Story {
    /// When this container was last started, as Docker says it, to the nanosecond.
    package func startedAt(_ container: String) async throws -> Duration {
        try await moment("StartedAt", of: container)
    }

    /// When this container last ended.
    package func finishedAt(_ container: String) async throws -> Duration {
        try await moment("FinishedAt", of: container)
    }

    /// Every container of the app with its id and its state, running or not, sorted.
    package func containers() async throws -> [String] {
        try await docker(
            "ps", "--all", "--no-trunc", "--filter", "label=teal.app=\(app)",
            "--format", "{{.Names}} {{.ID}} {{.State}}"
        ).split(separator: "\n").map(String.init).sorted()
    }

    /// Since the epoch.
    private func moment(_ field: String, of container: String) async throws -> Duration {
        let text = try await docker(
            "inspect", "--format", "{{.State.\(field)}}", container)
        let result = try await tools.runner.run(
            Command("date", ["--date", text, "+%s %N"]))
        let parts = result.standardOutput.split { $0 == " " || $0 == "\n" }.compactMap { Int64($0) }
        guard result.succeeded, parts.count == 2 else {
            throw StoryError.unexpected("reading \(text) as a moment", result)
        }
        return .seconds(parts[0]) + .nanoseconds(parts[1])
    }
}
