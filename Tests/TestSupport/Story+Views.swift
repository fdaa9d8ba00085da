import FoundationEssentials
package import HostSystem

extension Story {
    package func status() async throws -> StatusView { try await view("status") }

    package func history() async throws -> HistoryView { try await view("history") }

    /// Returns once a deployment waits for a person's word.
    package func untilWaiting() async throws {
        try await until("a deployment waits") { try await isWaiting() }
    }

    package func isWaiting() async throws -> Bool {
        try await status().unfinished?.phase == "waiting"
    }

    /// Returns once the other colour has this share of the traffic.
    package func untilCanary(percent: Double) async throws {
        try await until("\(percent) % go to the candidate") {
            try await status().traffic?.canary?.percent == percent
        }
    }

    /// Runs `teal promote` or `teal abort`. The run that began to wait may still hold the lock.
    package func answer(_ verb: String) async throws -> CommandResult {
        try await teal([verb, "--wait-lock", "20s"])
    }

    /// The processes that serve requests; a reload changes them.
    package func nginxWorkers() async throws -> [String] {
        let script = "read -r master <\"$0/nginx/nginx.pid\" && cat /proc/$master/task/*/children"
        let result = try await tools.runner.run(Command("bash", ["-c", script, folder]))
        guard result.succeeded else { throw StoryError.unexpected("listing workers", result) }
        return result.standardOutput.split { $0.isWhitespace }.map(String.init).sorted()
    }

    private func view<View: Decodable>(_ verb: String) async throws -> View {
        let result = try await teal([verb, "--json"])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(View.self, from: Data(result.standardOutput.utf8))
        } catch {
            throw StoryError.unexpected("reading teal \(verb) --json: \(error)", result)
        }
    }
}

/// The parts of `teal status --json` that stories read.
package struct StatusView: Decodable, Sendable {
    package let traffic: Traffic?
    package let unfinished: Unfinished?

    package struct Traffic: Decodable, Sendable {
        package let colour: String
        package let canary: Canary?
    }

    package struct Canary: Decodable, Sendable {
        package let colour: String
        package let percent: Double
    }

    package struct Unfinished: Decodable, Sendable {
        package let phase: String
    }
}

/// The parts of `teal history --json` that stories read.
package struct HistoryView: Decodable, Sendable {
    /// Newest first.
    package let deployments: [Deployment]

    package struct Deployment: Decodable, Sendable {
        package let kind: String
        package let outcome: String?
        package let observed: [Observed]?
        package let failure: Failure?
        package let phases: [Phase]
    }

    package struct Observed: Decodable, Sendable {
        package let stage: String
        package let candidate: Figures?
        package let previous: Figures?
    }

    package struct Figures: Decodable, Sendable {
        package let colour: String
        package let requests: Int
        package let errors: Int
        package let p95Milliseconds: Int
    }

    package struct Failure: Decodable, Sendable {
        package let message: String
        package let log: [String]
    }

    package struct Phase: Decodable, Sendable {
        package let name: String
    }
}
