import BlueGreen
import HostSystem
import TestSupport

/// How much a verb tells, and how long it takes, when nobody disturbs it.
private struct KillPace {
    let lines: Int
    let took: Duration

    /// - Parameters:
    ///   - share: how far the verb has come, of one.
    ///   - pause: the time after the line, in parts of the usual time between two.
    func spot(_ share: Double, _ pause: Double) -> KillSpot {
        KillSpot(
            line: Int(share * Double(lines + 1)),
            pause: .milliseconds(
                Int64(pause * Double(took.wholeMilliseconds) / Double(lines + 1))))
    }
}

/// Kills each verb under load, now after this line of its progress and now after that. The next
/// command must end with one serving colour: no request lost, nothing left.
struct KillMatrix {
    let runs: Int
    let seed: UInt64

    /// Of the kills that a verb got.
    private struct Row {
        var kills = 0
        /// The verb had ended before.
        var misses = 0
        var requests = 0
        var lost = 0
        var wrong = 0
        var leftovers = 0
    }

    func measure() async throws {
        var table = Table(
            "verb", "kills", "ended before", "requests", "lost", "wrong states", "leftovers")
        var random = SeededGenerator(seed: seed)
        var bad = 0
        let weights = KilledVerb.allCases.map(\.weight).reduce(0, +)
        for verb in KilledVerb.allCases {
            let count = max(1, runs * verb.weight / weights)
            let row = try await row(of: verb, count: count, &random)
            bad += row.lost + row.wrong + row.leftovers
            table.add(
                verb.rawValue, "\(row.kills)", "\(row.misses)", "\(row.requests)", "\(row.lost)",
                "\(row.wrong)", "\(row.leftovers)")
        }
        table.print(title: "Killed by SIGKILL under load (seed \(seed))")
        guard bad == 0 else { throw BenchmarkError.killsDidHarm(bad) }
    }

    private func row(
        of verb: KilledVerb, count: Int, _ random: inout SeededGenerator
    ) async throws -> Row {
        var row = Row()
        let rounds = try await rounds(of: verb, count: count, &random)
        for round in rounds {
            row.kills += round.isKilled ? 1 : 0
            row.misses += round.isKilled ? 0 : 1
            row.requests += round.requests
            row.lost += round.lost
            row.wrong += round.wrong.isEmpty ? 0 : 1
            row.leftovers += round.leftovers.count
        }
        return row
    }

    private func rounds(
        of verb: KilledVerb, count: Int, _ random: inout SeededGenerator
    ) async throws -> [KillRound] {
        var spots: [(first: Double, second: Double, pause: Double)] = []
        for _ in 0...count {
            spots.append(
                (
                    .random(in: 0..<1, using: &random), .random(in: 0..<1, using: &random),
                    .random(in: 0..<1.5, using: &random)
                ))
        }
        let app = verb.app
        var rounds: [KillRound] = []
        try await Story.tell(app) { story in
            try story.writeCompose(Stage.web)
            try story.writeConfiguration(
                """
                services:
                  web: {port: 8080, health: {http: /healthz}, stop_grace: 2s}
                start: {pause: 0s}
                drain: 2s
                \(verb.settings)
                """)
            try await begin(story, verb)
            // The first run is not disturbed: how much it tells, and how long it takes, says where
            // the others can be killed.
            var pace = KillPace(lines: 16, took: .seconds(4))
            for (index, spot) in spots.enumerated() {
                try await verb.prepare(
                    story, version: "p\(index)",
                    at: KillPace(lines: 16, took: .seconds(4)).spot(spot.second, spot.pause))
                let round = try await KillRound.play(
                    verb, story, number: index,
                    at: index == 0 ? .never : pace.spot(spot.first, spot.pause))
                if index == 0 { pace = KillPace(lines: round.lines, took: round.took) }
                round.complain(of: verb)
                rounds.append(round)
                if verb == .down || !round.wrong.isEmpty { try await begin(story, verb) }
            }
        }
        return rounds
    }

    /// The app serves v1, from nothing or from wherever a wrong state has left it.
    private func begin(_ story: Story, _ verb: KilledVerb) async throws {
        try await story.deploy(["VERSION": "v0"], options: verb.mayWait ? ["--detach"] : [])
        if verb.mayWait {
            let answer = try await story.answer("promote")
            guard answer.succeeded else { throw StoryError.unexpected("teal promote", answer) }
        }
        try await story.openSite()
        try await story.deploy(["VERSION": "v1"], options: verb.mayWait ? ["--detach"] : [])
        if verb.mayWait { _ = try await story.answer("promote") }
    }
}
