import FoundationEssentials
import HostSystem
import TestSupport

/// From the moment a container answers healthy to the moment Teal knows it, seen by a client that
/// asks the same container all the time.
struct HealthyToKnown {
    private let rounds = 12

    func measure() async throws {
        var delays: [Double] = []
        try await Stage.withBothColours("benchknown", live: "live") { story in
            for round in 1...rounds {
                let colour = round % 2 == 0 ? "green" : "blue"
                let old = try await container(of: colour, in: story)
                async let healthy = firstHealthy(
                    colour, after: old, in: story, says: "r\(round)")
                try await story.deploy(["VERSION": "r\(round)", "AFTER": "\(3000 + round * 37)"])
                let known = try await knownAt(story)
                if let moment = try await healthy { delays.append(known - moment) }
            }
        }
        var table = Table("deploys", "median ms", "max ms")
        table.add("\(delays.count)", delays.median.text(0), (delays.max() ?? 0).text(0))
        table.print(title: "From healthy to known (two passes in a row, and the last look)")
    }

    private struct Replica {
        let identifier: String
        let address: String
    }

    private func container(of colour: String, in story: Story) async throws -> Replica? {
        let identifier = try await story.docker(
            "ps", "--all", "--no-trunc", "--filter", "name=^\(story.app)-\(colour)-web-1$",
            "--filter", "status=running", "--format", "{{.ID}}")
        guard !identifier.isEmpty else { return nil }
        let address = try await story.docker(
            "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            identifier)
        // One that is being stopped has none.
        return address.isEmpty ? nil : Replica(identifier: identifier, address: address)
    }

    /// When the new release first answered 200, in milliseconds since 1970. Nobody asks before its
    /// container runs: the kernel would wait a second for an address that nobody has.
    private func firstHealthy(
        _ colour: String, after old: Replica?, in story: Story, says release: String
    ) async throws -> Double? {
        var found: Replica?
        for _ in 1...1000 where found == nil {
            let present = try? await container(of: colour, in: story)
            found = present?.identifier == old?.identifier ? nil : present
        }
        guard let found else { return nil }
        for _ in 1...60_000 {
            let answer = PlainClient(host: found.address, port: 8080)?.get("/healthz") ?? ""
            if answer.contains(" 200 "), answer.contains(release) {
                return Date.now.timeIntervalSince1970 * 1000
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }

    /// When Teal left the last probing phase, in milliseconds since 1970.
    private func knownAt(_ story: Story) async throws -> Double {
        let phases = try await MeasuredDeployment.last(of: story).phases
        guard let arming = phases.last(where: { $0.name == "arming" }) else {
            throw BenchmarkError.noSuchPhase("arming")
        }
        let moment = try Date(
            arming.startedAt, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return moment.timeIntervalSince1970 * 1000
    }
}
