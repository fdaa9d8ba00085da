import HostSystem

/// Prometheus' checker of metrics, which `Tests/run.sh` fetches.
package enum Promtool {
    /// The complaints about a text of metrics; empty where there are none.
    package static func complaints(about metrics: String) async throws -> String {
        guard let program = ProcessInformation.environment["TEAL_PROMTOOL"] else {
            throw StoryError.notBuilt("promtool")
        }
        var command = Command(program, ["check", "metrics"], timeLimit: .seconds(600))
        command.standardInput = metrics
        let result = try await SubprocessCommandRunner().run(command)
        let text = result.standardError + result.standardOutput
        return result.succeeded || !text.isEmpty ? text : "\(result.ending)"
    }
}
