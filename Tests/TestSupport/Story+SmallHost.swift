package import HostSystem

extension Story {
    /// Runs a command where Teal and nginx of this story run.
    package func run(_ command: Command) async throws -> CommandResult {
        try await tools.runner.run(tools.onSmallHost(command))
    }

    /// A file of this repository, named from its top level.
    package func source(_ path: String) throws -> String {
        try tools.source(path)
    }
}
