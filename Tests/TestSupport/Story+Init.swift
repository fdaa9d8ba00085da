package import HostSystem

extension Story {
    /// Runs `teal init` on the story's compose file.
    package func tealInit(_ arguments: [String] = []) async throws -> CommandResult {
        try await tools.runner.run(
            tools.onSmallHost(
                Command(
                    tools.teal, ["init", "--compose", folder + "/compose.yml"] + arguments,
                    environment: ["TEAL_STATE_DIR": folder + "/state"], workingDirectory: "/")))
    }
}
