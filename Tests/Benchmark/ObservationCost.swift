import Glibc
import HostSystem
import LoadReport
import TestSupport

/// Requests per second while nginx writes down what it answers, against those at rest, one right
/// after the other.
struct ObservationCost {
    private let rounds = 5
    private let requests = 10_000

    func measure() async throws {
        try await Stage.withBothColours("benchwatch", live: "live", more: "bake: {for: 1s}") {
            story in
            var (quiet, watched): ([Double], [Double]) = ([], [])
            for _ in 1...rounds {
                quiet.append(try await rate(of: story))
                watched.append(try await rateWhileWatched(story))
            }
            let ratios = zip(watched, quiet).map { $0 / $1 }
            var table = Table("nginx", "requests/s", "ratio")
            table.add("at rest", quiet.median.text(), "1")
            table.add("writing down what it answers", watched.median.text(), ratios.median.text(2))
            table.print(title: "Cost of observation")
        }
    }

    /// The link is led to the watched state by hand, as a bake does, so that the rounds of both
    /// are alike but for the writing.
    private func rateWhileWatched(_ story: Story) async throws -> Double {
        let app = story.folder + "/nginx/teal/" + story.app
        let files = FileSystem()
        guard let plain = try files.linkTarget(at: app + "/live") else {
            throw BenchmarkError.noLink
        }
        let slot = time(nil) / 100
        for next in slot...slot + 5 {
            try AtomicFile.write("", to: "\(app)/watch/\(next)", access: .everyoneReads)
        }
        try files.replaceLink(at: app + "/live", with: plain + "-watched")
        let rate = try await rate(of: story)
        try files.replaceLink(at: app + "/live", with: plain)
        for next in slot...slot + 5 { try files.removeTree("\(app)/watch/\(next)") }
        let written = try files.readText(app + "/watch/requests.log").split(separator: "\n").count
        guard written >= requests / 2 else { throw BenchmarkError.nothingWritten(written) }
        return rate
    }

    private func rate(of story: Story) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        let report = try await story.load(
            Load(method: "GET", path: "/version"), requests: requests)
        return Double(report.answered) / ((clock.now - start) / .seconds(1))
    }
}
