import DockerCompose
import HostSystem

extension Wiring {
    /// Reads compose files for which there is no `teal.yml` yet. No Docker daemon is asked.
    ///
    /// - Throws: `CommandsError.composeFile` with Compose's own words, or where there is no
    ///   Compose.
    static func project(
        _ source: ComposeProject.Source, _ invocation: Invocation
    ) async throws -> ComposeProject {
        let runner = SubprocessCommandRunner()
        do {
            let tool = try await ComposeTool.find(
                environment: invocation.environment,
                endpoint: try EngineEndpoint(environment: invocation.environment),
                runner: runner)
            return try await ComposeProject.resolve(source, tool: tool, runner: runner)
        } catch let error as DockerComposeError {
            throw CommandsError.composeFile(reason: "\(error)")
        }
    }
}
