package import BlueGreen
import HostSystem

extension Story {
    /// Runs the body while nginx's workers, and nobody else on this host, find no way to a colour's
    /// network. The workers must have a user of their own.
    package func keepNginx(
        from colour: Colour, _ body: () async throws -> Void
    ) async throws {
        let subnet = try await docker(
            "network", "inspect", "\(app)-\(colour)", "--format",
            "{{(index .IPAM.Config 0).Subnet}}")
        let worker = try await nginxWorkers()[0]
        let user = try await run(Command("stat", ["--format", "%u", "/proc/\(worker)"]))
        let number = String(user.standardOutput.prefix { $0.isNumber })
        guard number != "0", !number.isEmpty else {
            throw StoryError.unexpected("nginx's workers are root, and so is Teal", user)
        }
        let rule = ["uidrange", "\(number)-\(number)", "to", subnet, "unreachable"]
        try await expect(Command("ip", ["rule", "add"] + rule))
        do {
            try await body()
        } catch {
            try await expect(Command("ip", ["rule", "delete"] + rule))
            throw error
        }
        try await expect(Command("ip", ["rule", "delete"] + rule))
    }
}
