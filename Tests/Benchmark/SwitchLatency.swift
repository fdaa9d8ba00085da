import Glibc
import TestSupport

/// From the rename of the link to the first answer of the new colour, on a connection that was
/// open before.
struct SwitchLatency {
    let switches: Int

    func measure() async throws {
        try await Stage.withBothColours("benchlatency", live: "live") { story in
            let folder = "\(story.folder)/nginx/teal/\(story.app)"
            var delays: [Double] = []
            var oldAnswers = 0
            guard let client = PlainClient(host: "127.0.0.1", port: story.port) else {
                throw BenchmarkError.notStarted("nginx")
            }
            for index in 1...switches {
                let colour = index % 2 == 0 ? "green" : "blue"
                let version = index % 2 == 0 ? "v2" : "v1"
                _ = client.get("/version")
                symlink(colour, "\(folder)/next")
                let began = ContinuousClock.now
                rename("\(folder)/next", "\(folder)/live")
                while let answer = client.get("/version"), !answer.contains(version) {
                    oldAnswers += 1
                }
                let (_, attoseconds) = (ContinuousClock.now - began).components
                delays.append(Double(attoseconds) / 1e15)
            }
            var table = Table("switches", "median ms", "p99 ms", "answers of the old colour after")
            table.add(
                "\(switches)", delays.median.text(2), delays.percentile(0.99).text(2),
                "\(oldAnswers)")
            table.print(title: "From the rename to the new colour's answer")
        }
    }
}
