import HostSystem

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
        let result = try await DockerTurn.shared.hold { try await tools.runner.run(command) }
        guard result.succeeded else { throw StoryError.unexpected("restarting Docker", result) }
    }
}
