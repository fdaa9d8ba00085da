import BlueGreen
import TestSupport

/// Plays results until the deployment ends, all done where nothing else is said. A result for a
/// spot is given once. The last proof, which every way forward has, is not among the steps.
func play(
    _ deployment: Deployment, _ results: [Spot: StepResult] = [:]
) -> (Deployment, [Step]) {
    var player = Player(deployment, results)
    while player.step(), player.steps.count < 80 {}
    return (player.deployment, player.steps)
}

/// Plays until the deployment is at this spot, all done but for the given results. nil where it
/// never comes there.
func play(
    _ deployment: Deployment, to spot: Spot, _ results: [Spot: StepResult] = [:]
) -> Deployment? {
    var player = Player(deployment, results)
    for _ in 0..<80 {
        if Spot(player.deployment) == spot { return player.deployment }
        if !player.step() { return nil }
    }
    return nil
}

/// Carries steps out in no time but for those that wait: they take all of their time.
private struct Player {
    var deployment: Deployment
    var steps: [Step] = []
    private var results: [Spot: StepResult]
    private var now = Sample.moment

    init(_ deployment: Deployment, _ results: [Spot: StepResult]) {
        self.deployment = deployment
        self.results = results
    }

    /// - Returns: whether it was not at its end.
    mutating func step() -> Bool {
        switch deployment.next(at: now) {
        case .ended: return false
        case .waitForPerson:
            now = now + .milliseconds(10)
            deployment.answer(.promote, at: now)
        case .perform(let step):
            if !step.isProof { steps.append(step) }
            let result = results.removeValue(forKey: Spot(deployment))
            now = step.end ?? (now + .milliseconds(10))
            deployment.record(result ?? step.success, at: now)
        }
        return true
    }
}

extension Step {
    var isDrain: Bool {
        if case .drain = self { true } else { false }
    }

    var isProof: Bool {
        if case .prove = self { true } else { false }
    }

    /// When a step is over that takes all of its time; nil where it takes none.
    var end: Timestamp? {
        switch self {
        case .settle(_, let until, _), .observe(_, let until): until
        default: nil
        }
    }

    var success: StepResult {
        if case .observe = self { .observed(Observation()) } else { .done }
    }
}

extension Deployment {
    var spot: Spot { Spot(self) }

    /// The step that it asks for; nil at its end and while a person has the word.
    func nextStep(at now: Timestamp) -> Step? { next(at: now).step }
}
