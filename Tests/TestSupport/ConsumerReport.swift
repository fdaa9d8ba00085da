import FoundationEssentials
import HostSystem

/// The report of the demo's broker about its consumers.
package struct ConsumerReport: Decodable, Sendable {
    /// The consumers that take messages now, each as `VERSION/HOST`.
    package let now: [String]
    /// The greatest number of consumers at the same time.
    package let most: Int
    package let taken: Int

    init(json: String) throws {
        do {
            self = try JSONDecoder().decode(ConsumerReport.self, from: Data(json.utf8))
        } catch {
            throw StoryError.unreadable("the broker's report: \(error)\n\(json)")
        }
    }
}

extension Story {
    /// The report of the story's shared service `broker`. nil while it does not answer, as when
    /// Docker starts it again.
    package func consumers() async throws -> ConsumerReport? {
        let addresses = try await docker(
            "inspect", "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", "\(app)-broker-1"
        ).split(separator: " ")
        guard let address = addresses.first else { return nil }
        let result = try await tools.runner.run(
            Command(
                "curl",
                ["--silent", "--max-time", "5", "http://\(address):8080/consumers"]))
        return result.succeeded ? try ConsumerReport(json: result.standardOutput) : nil
    }

    /// Waits until one consumer takes messages and is of this version.
    ///
    /// - Returns: the broker's report at that moment.
    @discardableResult
    package func untilConsumed(by version: String) async throws -> ConsumerReport {
        var report: ConsumerReport?
        try await until("the consumer of \(version) takes messages") {
            guard let found = try await consumers() else { return false }
            report = found
            return found.now.count == 1 && found.now.allSatisfy { $0.hasPrefix("\(version)/") }
        }
        guard let report else { throw StoryError.unreadable("the broker's report") }
        return report
    }

    /// The names of the app's running containers of a service, in either colour, sorted.
    package func running(service: String) async throws -> [String] {
        try await docker(
            "ps", "--filter", "label=teal.app=\(app)", "--filter", "label=teal.service=\(service)",
            "--format", "{{.Names}}"
        ).split(separator: "\n").map(String.init).sorted()
    }
}
