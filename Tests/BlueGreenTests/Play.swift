import BlueGreen
import TestSupport

/// Plays results until the deployment ends, all done where nothing else is said. A result for a
/// phase is given once.
func play(
    _ deployment: Deployment, _ results: [Phase: StepResult] = [:]
) -> (Deployment, [Step]) {
    var player = Player(deployment, results)
    while player.step() != nil, player.steps.count < 80 {}
    return (player.deployment, player.steps)
}

/// Plays until the deployment is in this phase, all done but for the given results; nil where it
/// never comes there.
func play(
    _ deployment: Deployment, to phase: Phase, _ results: [Phase: StepResult] = [:]
) -> Deployment? {
    play(deployment, results) { $0 == phase }
}

/// Plays until the deployment is in such a phase.
func play(
    _ deployment: Deployment, _ results: [Phase: StepResult] = [:],
    until isThere: (Phase) -> Bool
) -> Deployment? {
    var player = Player(deployment, results)
    for _ in 0..<80 {
        if isThere(player.deployment.phase) { return player.deployment }
        if player.step() == nil { return nil }
    }
    return nil
}

/// Carries steps out in no time but for what waits: that takes all of its time.
private struct Player {
    var deployment: Deployment
    var steps: [Step] = []
    private var results: [Phase: StepResult]
    private var now = Sample.moment

    init(_ deployment: Deployment, _ results: [Phase: StepResult]) {
        self.deployment = deployment
        self.results = results
    }

    /// nil at the end.
    mutating func step() -> Step? {
        guard let step = deployment.nextStep(at: now) else { return nil }
        steps.append(step)
        let result = results.removeValue(forKey: deployment.phase)
        now = now + .milliseconds(10)
        switch step {
        case .settle(_, let until, _): now = until
        case .observe(_, let until): now = max(now, until)
        case .awaitPromotion:
            deployment.answer(.promote, at: now)
            return step
        case .checkRoom, .prepare, .start, .awaitUp, .verify, .runHook, .arm, .switchTraffic,
            .confirm, .beginWatch, .endWatch, .divert, .confirmDiversion, .drain, .stop,
            .stopSingletons, .retire, .cleanUp:
            break
        }
        if case .observe = step {
            deployment.record(result ?? .observed(Observation()), of: step, at: now)
        } else {
            deployment.record(result ?? .done, of: step, at: now)
        }
        return step
    }
}

extension Step {
    var isDrain: Bool {
        if case .drain = self { true } else { false }
    }
}
