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
                let address = try await address(of: colour, in: story)
                async let healthy = firstHealthy(at: address, not: "r\(round - 1)", or: "r\(round)")
                try await story.deploy(["VERSION": "r\(round)", "AFTER": "\(900 + round * 37)"])
                let known = try await knownAt(story)
                if let moment = await healthy { delays.append(known - moment) }
            }
        }
        var table = Table("deploys", "median ms", "max ms")
        table.add("\(delays.count)", delays.median.text(0), (delays.max() ?? 0).text(0))
        table.print(title: "From healthy to known (two passes in a row, and the last look)")
    }

    private func address(of colour: String, in story: Story) async throws -> String {
        try await story.docker(
            "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            "\(story.app)-\(colour)-web-1")
    }

    /// When the new release first answered 200, in milliseconds since 1970.
    private func firstHealthy(at host: String, not old: String, or new: String) async -> Double? {
        for _ in 1...60_000 {
            let answer = PlainClient(host: host, port: 8080)?.get("/healthz") ?? ""
            if answer.contains(" 200 "), answer.contains(new) {
                return Date.now.timeIntervalSince1970 * 1000
            }
            do { try await Task.sleep(for: .milliseconds(1)) } catch { return nil }
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
