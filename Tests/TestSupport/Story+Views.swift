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

    /// Runs `teal promote` or `teal abort`. Who began to wait may still hold the lock.
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
