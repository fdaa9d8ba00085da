import HostSystem
import TestSupport

/// What people do without Teal: `docker compose up --detach` of everything, as a project of its
/// own.
struct AllAtOnce {
    let story: Story
    let services: [String]

    private static let project = "crowd"

    /// Starts the services and waits until all of them answer healthy in one round, 180 s at most.
    ///
    /// - Returns: how many of them were healthy in the last round.
    func start(version: String) async throws -> Int {
        let began = ContinuousClock.now
        let result = try await compose(
            ["up", "--detach", "--no-deps"] + services,
            ["SHOP_VERSION": version, "GATEWAY_PORT": "0"])
        // Where memory is short it may fail half-way; what did start is measured all the same.
        if !result.succeeded {
            print("docker compose up: \(result.ending) \(result.standardError)")
        }
        var ready = 0
        while ContinuousClock.now - began < .seconds(180) {
            ready = try await addresses().filter(isHealthy).count
            if ready == services.count { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        return ready
    }

    func remove() async throws {
        let result = try await compose(["down", "--timeout", "1"], [:])
        guard result.succeeded else { throw StoryError.unexpected("docker compose down", result) }
    }

    private func compose(
        _ arguments: [String], _ environment: [String: String]
    ) async throws -> CommandResult {
        try await story.run(
            Command(
                "docker",
                [
                    "compose", "--project-name", Self.project, "--file",
                    story.folder + "/compose.yml",
                ] + arguments, environment: environment, timeLimit: .seconds(240)))
    }

    /// Of those that run now; a container that was started again may have another one.
    private func addresses() async throws -> [String] {
        let containers = try await story.docker(
            "ps", "--quiet", "--filter", "label=com.docker.compose.project=\(Self.project)")
        var addresses: [String] = []
        for container in containers.split(separator: "\n") {
            let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
            let result = try await SubprocessCommandRunner().run(
                Command("docker", ["inspect", "--format", format, String(container)]))
            // It may be gone meanwhile.
            let address = result.standardOutput.prefix { !$0.isNewline }
            if result.succeeded, !address.isEmpty { addresses.append(String(address)) }
        }
        return addresses
    }

    private func isHealthy(_ address: String) -> Bool {
        PlainClient(host: address, port: 8080)?.get("/healthz")?.contains(" 200 ") ?? false
    }
}
