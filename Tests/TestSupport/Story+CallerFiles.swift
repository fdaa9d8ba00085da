package import HostSystem

extension Story {
    /// The folder of the app on the host, where its caller puts the files.
    package var hostFolder: String { folder + "/srv" }

    /// PATH with this build's Teal and a stand-in for sudo before the host's programs.
    package func callerPath() async throws -> String {
        let bin = folder + "/bin"
        try FileSystem().makeFolder(bin, access: .everyoneReads)
        for (name, target) in [("teal", tools.teal), ("sudo", tools.path("Tests/callers/sudo.sh"))]
        where !FileSystem().isThere("\(bin)/\(name)") {
            try FileSystem().replaceLink(at: "\(bin)/\(name)", with: target)
        }
        return bin + ":" + (ProcessInformation.environment["PATH"] ?? "/usr/bin:/bin")
            + ":/usr/sbin:/sbin"
    }

    /// The variables that this story's Teal and Docker need, whoever runs them.
    package func callerVariables() async throws -> [String: String] {
        let own = ProcessInformation.environment
        var variables = ["PATH": try await callerPath(), "TEAL_STATE_DIR": folder + "/state"]
        for name in ["DOCKER_HOST", "DOCKER_CONFIG"] { variables[name] = own[name] }
        return variables
    }

    /// Runs `teal init --ci` for this app in a folder of the story, which is made.
    ///
    /// - Returns: the folder's path.
    @discardableResult
    package func initCaller(_ caller: String, in name: String) async throws -> String {
        let path = "\(folder)/\(name)"
        try FileSystem().makeFolder(path, access: .everyoneReads)
        let words = ["init", "--ci", caller, "--app", app, "--folder", hostFolder]
        let command = Command(tools.teal, words, workingDirectory: path)
        let result = try await tools.runner.run(command)
        guard result.succeeded else { throw StoryError.unexpected("teal init --ci", result) }
        try FileSystem().makeFolder(hostFolder, access: .everyoneReads)
        return path
    }

    /// A hook that waits at a gate while the file `hold` is there: it makes the file `holding`, and
    /// goes on when there is a file `gate`.
    package func writeGate() async throws -> String {
        try await writeScript(
            "gate.sh",
            """
            cd "\(folder)"
            [ -e hold ] || exit 0
            rm -f hold
            touch holding
            until [ -e gate ]; do sleep 0.1; done
            rm -f gate
            """)
        return folder + "/gate.sh"
    }

    /// Runs a line of bash in a folder with nothing but these variables, and what it leaves in the
    /// background lives on.
    package func called(
        _ script: String, in directory: String, _ variables: [String: String],
        shell: [String] = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
    ) async throws -> CommandResult {
        let file = folder + "/step.sh"
        try AtomicFile.write(script, to: file, access: .everyoneReads)
        let words =
            ["-i"] + variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + shell
            + [file]
        var command = Command(
            "env", words, workingDirectory: directory, timeLimit: .seconds(240))
        command.orphan = .left
        return try await tools.runner.run(tools.onSmallHost(command))
    }

    /// A git repository in the folder, with all of its files in one commit more.
    ///
    /// - Returns: the commit.
    package func commit(in path: String) async throws -> String {
        let script = """
            [ -d .git ] || git init --quiet --initial-branch main
            git add --all
            git -c user.name=shop -c user.email=shop@shop.example commit --quiet -m release
            git rev-parse HEAD
            """
        let result = try await called(
            script, in: path, callerVariables().merging(["GIT_CONFIG_GLOBAL": "/dev/null"]) { $1 })
        guard result.succeeded else { throw StoryError.unexpected("git commit", result) }
        return String(result.standardOutput.prefix { $0 != "\n" })
    }

    /// A copy of the story's `teal.yml` and of a compose file, as a repository has them.
    package func writeSources(_ services: String, to path: String) throws {
        try AtomicFile.write(
            read("teal.yml"), to: path + "/teal.yml", access: .everyoneReads)
        try AtomicFile.write(
            "services:\n\(services)\n", to: path + "/compose.yml", access: .everyoneReads)
    }

    /// The path of a file of this repository, named from its top level.
    package func path(ofSource name: String) -> String { tools.path(name) }

    /// A script of this repository, named from its top level, as a command.
    package func script(_ path: String, _ arguments: [String]) -> Command {
        var command = Command(
            "bash", [tools.path(path)] + arguments, workingDirectory: "/",
            timeLimit: .seconds(240))
        command.orphan = .left
        return command
    }
}

extension [CommandResult] {
    package var allSucceeded: Bool { allSatisfy { $0.succeeded } }
}
