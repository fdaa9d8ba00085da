import BlueGreen
import TestSupport

@testable import Commands
@testable import Orchestration

/// A round of `shop` in which a replica was found unhealthy and restarted.
enum ProbeSample {
    private static let settings = WatchSettings(fall: 2, rise: 1)
    private static let green = DocumentSamples.green
    private static let replicas = (1...2).map {
        WatchedReplica(green, Replica(service: "web", index: $0))
    }
    private static let act = WatchAct.restart(replicas[1], reason: "green web-2 answered 503")

    static var events: [WatchEvent] { report.decision.events.reversed() }
    static var unhealthy: ProbeReport { .round(app: "shop", report, took: .milliseconds(41)) }

    /// The last of so many rounds, a quarter of a minute apart, in which all was well.
    static func healthy(rounds: Int) -> ProbeReport {
        let all = (0..<rounds).map { index in
            WatchRound(
                at: moment(index * 15), gap: .seconds(40), plans: plans,
                sightings: replicas.map {
                    Sighting(
                        $0, .passed, start: "1", startedAt: Sample.moment,
                        took: .milliseconds(3 + index))
                })
        }
        var record = WatchRecord(at: moment(0))
        var decision = record.take(all[0], settings, .restart)
        for round in all.dropFirst() { decision = record.take(round, settings, .restart) }
        return .round(
            app: "shop",
            AppWatch.Report(
                record: record, decision: decision, sightings: all[rounds - 1].sightings,
                plans: plans, active: green, settings: settings),
            took: .milliseconds(20 + rounds))
    }

    private static let plans = [
        WatchedPlan(
            green, PlannedService(name: "web", role: .exposed, replicas: 2), use: .restart,
            dependencies: [], settings)
    ]

    private static func moment(_ seconds: Int) -> WatchMoment {
        WatchMoment(
            wall: Sample.moment + .seconds(seconds), uptime: .seconds(seconds), boot: "a")
    }

    private static let report: AppWatch.Report = {
        var record = WatchRecord(at: moment(0))
        var decision: WatchDecision?
        var sightings: [Sighting] = []
        for (index, isWell) in [true, false, false].enumerated() {
            sightings = replicas.map { watched in
                let hasPassed = isWell || watched == replicas[0]
                return Sighting(
                    watched, hasPassed ? .passed : .failed(.status(503)), start: "1",
                    startedAt: Sample.moment, took: .milliseconds(3))
            }
            let round = WatchRound(
                at: moment(index * 15), gap: .seconds(40), plans: plans, sightings: sightings)
            decision = record.take(round, settings, .restart)
        }
        record.begin(act, settings)
        let end = record.end(act, failure: nil, at: moment(31), settings)
        return AppWatch.Report(
            record: record, decision: decision?.adding(end) ?? end, sightings: sightings,
            plans: plans,
            active: green, settings: settings, act: .done(act))
    }()
}
