import BlueGreen
package import HostSystem

extension Story {
    /// The folder of a daemon that `host_start_docker` started, which holds its socket and pid.
    private static var dockerFolder: String? {
        guard let host = ProcessInformation.environment["DOCKER_HOST"],
            host.hasPrefix("unix://"), host.hasSuffix("/docker.sock")
        else { return nil }
        return String(host.dropFirst("unix://".count).dropLast("/docker.sock".count))
    }

    /// Whether Docker was started for these tests and for nobody else.
    package static var ownsDocker: Bool {
        dockerFolder.map { FileSystem().exists($0 + "/docker.pid") } ?? false
    }

    /// Ends the daemon, and with it all containers, and starts it again with the same words.
    package func restartDocker() async throws {
        try requireHost("restarting Docker")
        let script = """
            set -eu
            pid=$(cat "$0/docker.pid")
            mapfile -d '' -t words <"/proc/$pid/cmdline"
            kill "$pid"
            for _ in $(seq 600); do [ -d "/proc/$pid" ] || break; sleep 0.1; done
            setsid --fork "${words[@]}" >>"$0/dockerd.log" 2>&1 </dev/null
            for _ in $(seq 300); do docker version >/dev/null 2>&1 && exit 0; sleep 0.1; done
            exit 1
            """
        let command = Command(
            "bash", ["-c", script, Self.dockerFolder ?? ""], timeLimit: .seconds(120))
        let result = try await DockerTurn.shared.hold(urgent: true) {
            try await tools.runner.run(command)
        }
        guard result.succeeded else { throw StoryError.unexpected("restarting Docker", result) }
    }
}

extension Story {
    /// `docker compose` by a person's hand, in the folder of the compose file.
    package func compose(_ arguments: [String]) async throws -> CommandResult {
        try await tools.runner.run(
            Command(
                "docker", ["compose"] + arguments, workingDirectory: project,
                timeLimit: .seconds(120)))
    }

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
