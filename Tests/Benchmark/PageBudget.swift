import HostSystem
import LoadReport
import TestSupport

/// The budgets of the page and of `/metrics`: how soon they answer with many apps and many stored
/// results, and the memory that they add to `teal watch`.
struct PageBudget {
    let apps: Int
    let rows: Int

    private let requests = 40

    func measure() async throws {
        var answers = Table(
            "asked for", "KB", "first byte, median ms", "p95 ms", "whole, median ms", "p95 ms",
            "worst ms")
        var memory = Table("\(apps) apps", "resident MB", "of it anonymous MB", "peak MB")
        try await WatchBudget.tell("benchpage", replicas: 1) { story in
            let others = try (1..<max(1, apps)).map { try story.neighbour("benchpage\($0)") }
            do {
                for other in others { try await WatchBudget.deploy(other, replicas: 1) }
                try await fill([story] + others)
                try await measure(story, &answers, &memory)
            } catch {
                try await story.remove(others)
                throw error
            }
            try await story.remove(others)
        }
        answers.print(title: "Answers of the page with \(apps) apps and \(rows) stored results")
        memory.print(title: "Memory of `teal watch` with and without a page")
        try await measureAudience()
    }

    /// A deploy that many watch on the page, while the app has visitors.
    private func measureAudience() async throws {
        let audience = 200
        var table = Table(
            "one app, deployed while \(audience) have its page open", "resident MB",
            "of it anonymous MB", "peak MB")
        var seen = Table("heard of the end", "the app's visitors", "lost")
        try await WatchBudget.tell("benchlive", replicas: 2) { story in
            let port = try story.freePort()
            let environment = ["TEAL_PAGE": "127.0.0.1:\(port)", "TEAL_PAGE_READ": "open"]
            let (rows, row) = try await WatchBudget.watching(story, environment) { pid in
                try await Task.sleep(for: .seconds(15))
                var rows = [try Self.cells("before they come", pid)]
                async let heard = {
                    var clients = try LiveClients(
                        audience, port: port, path: "/events?page=\(story.app)")
                    return try await clients.listen(
                        for: "is well: green, v2, for", atMost: .seconds(120))
                }()
                try await Task.sleep(for: .seconds(5))
                rows.append(try Self.cells("before the deploy", pid))
                let (_, report) = try await story.underLoad(Load(method: "GET", path: "/version")) {
                    try await story.deploy(["VERSION": "v2"], options: ["--release", "v2"])
                }
                rows.append(try Self.cells("after the deploy", pid))
                let count = try await heard
                try await Task.sleep(for: .seconds(5))
                rows.append(try Self.cells("when they are gone", pid))
                return (rows, ["\(count)", "\(report.sent)", "\(report.lost)"])
            }
            for row in rows { table.add(row) }
            seen.add(row)
        }
        table.print(title: "Memory of `teal watch` with live updates")
        seen.print(title: "Live updates during a deploy, 32 keep-alive connections of visitors")
    }

    /// Gives each app its part of the results, beside those of a first round.
    private func fill(_ stories: [Story]) async throws {
        for story in stories {
            _ = try await story.teal(["probe"])
            try StoredResults(story.folder + "/state/\(story.app)/watch.sqlite")
                .add(rows / stories.count, replicas: 1)
        }
    }

    private func measure(
        _ story: Story, _ answers: inout Table, _ memory: inout Table
    ) async throws {
        memory.add(
            try await WatchBudget.watching(story) { pid in
                try await Task.sleep(for: .seconds(45))
                return try Self.cells("without a page", pid)
            })
        let port = try story.freePort()
        let environment = ["TEAL_PAGE": "127.0.0.1:\(port)", "TEAL_PAGE_READ": "open"]
        let (quiet, rows, asked) = try await WatchBudget.watching(story, environment) { pid in
            try await Task.sleep(for: .seconds(45))
            let quiet = try Self.cells("with a page that nobody asks for", pid)
            var rows: [[String]] = []
            let app = "apps/\(story.app)"
            for path in ["/", "/\(app)", "/metrics", "/api/v1/\(app)/status"] {
                rows.append(try await answer(of: path, port))
            }
            return (quiet, rows, try Self.cells("after \(rows.count * requests) answers", pid))
        }
        memory.add(quiet)
        memory.add(asked)
        for row in rows { answers.add(row) }
    }

    private static func cells(_ name: String, _ pid: Int) throws -> [String] {
        let reading = try ProcessReading(pid)
        return [
            name, reading.resident.text(), reading.anonymous.text(), reading.peak.text(),
        ]
    }

    /// Asks by a fresh connection each time, a quarter of a second apart, so that most answers are
    /// made anew.
    private func answer(of path: String, _ port: Int) async throws -> [String] {
        var fetched: [PlainClient.Answer] = []
        for _ in 1...requests {
            guard let client = PlainClient(host: "127.0.0.1", port: port, limit: 60),
                let answer = client.fetch(path, host: "127.0.0.1:\(port)")
            else { throw BenchmarkError.noFigure("the answer to \(path)") }
            guard answer.status == 200 else {
                throw BenchmarkError.noFigure("\(path), which was answered by \(answer.status)")
            }
            fetched.append(answer)
            try await Task.sleep(for: .milliseconds(250))
        }
        let (first, whole) = (fetched.map(\.firstByte), fetched.map(\.whole))
        return [
            "`\(path)`", (Double(fetched.map(\.bytes).max() ?? 0) / 1024).text(),
            first.median.text(), first.percentile(0.95).text(), whole.median.text(),
            whole.percentile(0.95).text(), (whole.max() ?? 0).text(),
        ]
    }
}
