import HostSystem

extension Story {
    /// The story's files, those of its state included, in which the text stands.
    package func files(with text: String) async throws -> [String] {
        let result = try await tools.runner.run(
            Command("grep", ["--recursive", "--text", "--files-with-matches", "-e", text, folder]))
        guard result.ending == .exited(0) || result.ending == .exited(1) else {
            throw StoryError.unexpected("grep", result)
        }
        return result.standardOutput.split(separator: "\n").map(String.init)
    }

    package func read(_ name: String) throws -> String {
        try FileSystem().readText(folder + "/" + name)
    }

    /// Makes `bin/NAME` of a script.
    package func writeProgram(_ name: String, _ script: String) async throws {
        try FileSystem().makeFolder(folder + "/bin", access: .everyoneReads)
        try write(script, to: "bin/\(name)")
        let result = try await tools.runner.run(
            Command("chmod", ["755", "\(folder)/bin/\(name)"]))
        guard result.succeeded else { throw StoryError.unexpected("chmod", result) }
    }
}
