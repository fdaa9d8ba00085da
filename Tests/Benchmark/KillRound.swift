import BlueGreen
import Glibc
import HostSystem
import LoadReport
import TestSupport

/// One kill, the command after it, and how the app stands then.
struct KillRound {
    let spot: KillSpot
    let number: Int
    let isKilled: Bool
    /// Lines of progress that the verb told.
    let lines: Int
    let took: Duration
    var requests = 0
    var lost = 0
    var wrong: [String] = []
    var leftovers: [String] = []

    static func play(
        _ verb: KilledVerb, _ story: Story, number: Int, at spot: KillSpot
    ) async throws -> KillRound {
        guard verb != .down else {
            return try await strike(verb, story, number: number, at: spot)
        }
        var load = Load()
        load.connections = 8
        load.rate = 200
        let (round, report) = try await story.underLoad(load) {
            var round = try await strike(verb, story, number: number, at: spot)
            round.wrong += try await wrongs(of: story, after: verb)
            return round
        }
        var counted = round
        counted.requests = report.sent
        // In maintenance 503 is the answer.
        let page = verb == .maintenance ? report.statuses[503, default: 0] : 0
        counted.lost = max(0, report.lost - page)
        return counted
    }

    private static func strike(
        _ verb: KilledVerb, _ story: Story, number: Int, at spot: KillSpot
    ) async throws -> KillRound {
        let began = ContinuousClock.now
        let run = try await story.tealKilled(at: spot, verb.arguments, ["VERSION": "k\(number)"])
        var round = KillRound(
            spot: spot, number: number, isKilled: run.ending == .signalled(9),
            lines: run.standardError.split(separator: "\n").count,
            took: ContinuousClock.now - began)
        let ends = verb == .resume ? rightEnds : [.exited(0)]
        if !round.isKilled, !ends.contains(run.ending) {
            round.wrong.append("undisturbed: \(run.ending) \(run.standardError.suffix(300))")
        }
        let next = verb.next(number)
        let after = try await story.teal(next, ["VERSION": "n\(number)"])
        if !rightEnds.contains(after.ending) {
            let words = (after.standardOutput + after.standardError).suffix(600)
            round.wrong.append("teal \(next.joined(separator: " ")): \(after.ending) \(words)")
        }
        round.leftovers = try await story.leftovers(besideColours: verb != .down)
        return round
    }

    /// Done, undone before the switch, or gone back after it.
    private static let rightEnds: [CommandResult.Ending] = [.exited(0), .exited(3), .exited(4)]

    /// What is not as it should be, when one colour serves and the other rests.
    private static func wrongs(of story: Story, after verb: KilledVerb) async throws -> [String] {
        var wrong: [String] = []
        let result = try await story.teal(["status"])
        if !result.succeeded { wrong.append("status: \(result.ending) \(result.standardOutput)") }
        let status = try await story.status()
        if let phase = status.unfinished?.phase, !(verb.mayWait && phase == "waiting") {
            wrong.append("unfinished: \(phase)")
        }
        guard let colour = (status.traffic?.colour).flatMap(Colour.init(rawValue:)) else {
            return wrong + ["no colour has traffic"]
        }
        let serving = try await story.running(in: colour)
        if serving != ["\(story.app)-\(colour)-web-1"] {
            wrong.append("\(colour) serves and runs \(serving)")
        }
        let other = try await story.running(in: colour.other)
        if !other.isEmpty, !verb.mayBothRun { wrong.append("\(colour.other) runs \(other)") }
        let answer = try await story.get("/version")
        let own = try await story.docker(
            "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}",
            "\(story.app)-\(colour)-web-1")
        let version = own.split(separator: "\n").first { $0.hasPrefix("SHOP_VERSION=") }
        if answer.status != 200
            || version != "SHOP_VERSION=\(answer.headers["x-shop-version"] ?? "")"
        {
            wrong.append("\(colour) has \(version ?? "-"), the site answers \(answer)")
        }
        return wrong
    }

    /// Prints what a reader needs to do the same again.
    func complain(of verb: KilledVerb) {
        guard lost > 0 || !wrong.isEmpty || !leftovers.isEmpty else { return }
        print(
            "\(verb.rawValue), kill \(number) at line \(spot.line) + \(spot.pause): lost \(lost)")
        for line in wrong { print("    wrong: \(line)") }
        for line in leftovers { print("    left: \(line)") }
        // A reader of a long run has it at once, also from a file.
        fflush(nil)
    }
}
