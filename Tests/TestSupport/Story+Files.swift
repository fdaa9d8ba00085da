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

    /// As a deploy tool does it that prunes the folders of earlier releases.
    package func removeFolderOfFiles() throws {
        for name in ["teal.yml", "compose.yml"] { try FileSystem().removeTree(folder + "/" + name) }
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

extension Story {
    /// All that a command could have changed. These are the story's files with checksum, mode and
    /// link, nginx's logs aside, and Docker's things of the app.
    package func everything() async throws -> Set<String> {
        let script = """
            cd "$0" || exit 1
            find . -path ./nginx/logs -prune -o -printf '%p %y %m %l\\n' | sort
            find . -path ./nginx/logs -prune -o -type f ! -name '*-shm' -print0 \
                | sort -z | xargs -0 sha256sum
            docker ps --all --no-trunc --filter label=teal.app="$1" --format '{{.ID}} {{.State}}' \
                | sort
            docker network ls --no-trunc --filter label=teal.app="$1" --format '{{.ID}}' | sort
            docker volume ls --filter label=teal.app="$1" --format '{{.Name}}' | sort
            docker images --no-trunc --filter reference="teal/$1/*" --format '{{.ID}} {{.Tag}}' \
                | sort
            """
        let result = try await tools.runner.run(Command("bash", ["-c", script, folder, app]))
        guard result.succeeded else { throw StoryError.unexpected("listing everything", result) }
        return Set(result.standardOutput.split(separator: "\n").map(String.init))
    }
}
