import BlueGreen
import Orchestration
import TestSupport

@testable import Commands

/// A deployment that is carried on step by step, with the events of a run.
struct LadderSample {
    private(set) var deployment: Deployment
    private(set) var ladder = Ladder()
    private(set) var now = Sample.moment

    static let bake = Bake(duration: .seconds(60))

    init(
        _ services: [PlannedService], canary: [Double] = [], bake: Bake = Self.bake,
        past: [Deployment] = []
    ) {
        var settings = DeploymentSettings(
            bake: bake,
            canary: Canary(steps: canary.map { Share(percent: $0) }, every: .seconds(20)))
        settings.startPause = .zero
        settings.startAtMost = .zero
        deployment = Sample.deployment(
            previous: WatchedSample.blue, services: services, settings: settings)
        ladder.usual = UsualTimes(past)
        ladder.take(.began(deployment), at: now)
    }

    /// Each step takes a second until this one is next; starts take as long as they are told to.
    mutating func goOn(
        looking looks: Observation = Observation(
            candidate: WatchedSample.figures(240, errors: 1, p95: 13),
            previous: WatchedSample.figures(1240, p95: 11)),
        until isThere: (Step) -> Bool
    ) {
        while let step = deployment.next(at: now).step, !isThere(step) {
            if case .start(let container, _) = step {
                ladder.take(.starting(container.replica), at: now)
            }
            pass(.seconds(1))
            if case .awaitUp(let container, _) = step {
                ladder.take(.up(container.replica, after: .seconds(1), .health), at: now)
            }
            if case .observe(let stage, let until) = step {
                if stage != .before { pass(until - now) }
                record(.observed(looks))
            } else {
                record(.done)
            }
        }
        if deployment.outcome != nil { ladder.take(.finished(deployment), at: now) }
    }

    mutating func pass(_ time: Duration) { now = now + time }

    mutating func take(_ event: ProgressEvent) { ladder.take(event, at: now) }

    mutating func record(_ result: StepResult) {
        deployment.record(result, at: now)
        if deployment.outcome == nil { ladder.take(.advanced(deployment), at: now) }
    }

    func text(
        _ columns: Int, rows: Int = 24, _ characters: LadderText.Characters = .unicode
    ) -> String {
        let size = LadderText.Size(columns: columns, rows: rows)
        return LadderText(ladder, at: now, in: size, characters).lines
            .map { $0.text + "\n" }.joined()
    }

    /// One that was promoted; each of its steps took so long.
    static func promoted(_ pace: Duration) -> Deployment {
        var sample = LadderSample([Sample.web])
        while let step = sample.deployment.next(at: sample.now).step {
            sample.pass(pace)
            if case .observe(_, let until) = step {
                sample.pass(max(.zero, until - sample.now))
                sample.record(.observed(Observation(candidate: WatchedSample.figures(240))))
            } else {
                sample.record(.done)
            }
        }
        return sample.deployment
    }
}
