import BlueGreen
import TestSupport

/// Deployments to green, with traffic on blue, that nginx saw requests of.
enum WatchedSample {
    static let blue = Placement(colour: .blue, release: Sample.release(1))
    static let before = figures(1240, p95: 11)

    static func figures(_ requests: Int, errors: Int = 0, p95: Int = 12) -> RequestFigures {
        RequestFigures(
            requests: requests, errors: errors, p50: .milliseconds(3), p95: .milliseconds(p95),
            p99: .milliseconds(1400))
    }

    /// One that is carried on, each step done at once, until it is where it is wanted or ends.
    static func deployment(
        canary: [Double] = [], promotion: Promotion = .auto,
        seeing looks: [ObservationStage: Observation] = [:], until isThere: (Spot) -> Bool
    ) -> Deployment {
        var deployment = Sample.deployment(
            previous: blue,
            settings: DeploymentSettings(
                bake: Bake(), canary: Canary(steps: canary.map { Share(percent: $0) }),
                promotion: promotion))
        var now = Sample.moment
        while !isThere(Spot(deployment)) {
            switch deployment.next(at: now) {
            case .ended: return deployment
            case .waitForPerson: deployment.answer(.promote, at: now)
            case .perform(.observe(let stage, let until)):
                if stage != .before { now = max(now, until) }
                let usual =
                    stage == .before
                    ? Observation(previous: before)
                    : Observation(candidate: figures(2400), previous: figures(9000))
                deployment.record(.observed(looks[stage] ?? usual), at: now)
            case .perform: deployment.record(.done, at: now)
            }
        }
        return deployment
    }

    /// One that answered too many requests with a 5xx in its bake.
    static var breached: Deployment {
        let look = Observation(
            candidate: figures(240, errors: 24, p95: 40), logLines: ["out of cheese"])
        return deployment(seeing: [.bake: look]) { _ in false }
    }

    /// One that did so in its canary, where both colours answer.
    static var breachedInCanary: Deployment {
        let look = Observation(
            candidate: figures(240, errors: 24, p95: 40), previous: figures(2160, errors: 2))
        return deployment(
            canary: [12.5],
            seeing: [.canary(Share(percent: 12.5)): look]
        ) { _ in false }
    }

    static var waiting: Deployment {
        deployment(promotion: .manual(within: .seconds(3600))) { $0 == .waiting }
    }

    static var inCanary: Deployment {
        var looks = 0
        return deployment(canary: [10, 50]) { spot in
            if spot == .observingCanary { looks += 1 }
            return looks == 2
        }
    }
}
