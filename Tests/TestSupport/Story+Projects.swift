import HostSystem

/// Compose projects as their owners write them, whose images are nowhere to be had here.
extension Story {
    /// Copies the files of a project of `Tests/CommandsTests/Projects`, and writes its `teal.yml` for this
    /// story's nginx and app.
    package func take(project name: String) async throws {
        let files = FileSystem()
        try await tools.copy("Tests/CommandsTests/Projects/\(name)", to: project)
        let lines = try files.readText(project + "/teal.yml").split(
            separator: "\n", omittingEmptySubsequences: false
        ).filter { !$0.hasPrefix("app:") && !$0.hasPrefix("#") }
        let haste = "start: {pause: 0s, at_most: 0s}\ndrain: 1s\n"
        try writeConfiguration(haste + lines.joined(separator: "\n"))
    }

    /// Gives the project's images stand-ins of this version; see `Tests/stand-in/images.sh`.
    ///
    /// - Parameter variable: the one that tells the release's version in the compose file.
    package func standIn(_ variable: String, version: String) async throws {
        try await tools.script("Tests/stand-in/images.sh", project, variable, version)
    }

    /// Takes the names of images away that the stand-ins got.
    package func removeStandIns() async throws {
        try await tools.script("Tests/stand-in/remove.sh", project)
    }

    /// The journal of each volume that a container of the app has, by the volume's name: the
    /// versions that were started on it, in their order.
    package func journals() async throws -> [String: String] {
        let containers = try await docker(
            "ps", "--all", "--quiet", "--filter", "label=teal.app=\(app)")
        let format =
            "{{range .Mounts}}{{if eq .Type \"volume\"}}{{println .Name}}{{end}}{{end}}"
        let mounted = try await docker(
            ["inspect", "--format", format]
                + containers.split(separator: "\n").map(String.init))
        var journals: [String: String] = [:]
        for volume in Set(mounted.split(separator: "\n").map(String.init)) {
            journals[volume] = try await docker(
                "run", "--rm", "--entrypoint", "/bin/sh", "--volume", "\(volume):/v:ro",
                "teal/stand-in:1", "-c", "cat /v/journal 2>/dev/null; true")
        }
        return journals
    }
}
