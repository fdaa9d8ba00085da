import BlueGreen
import TestSupport

/// Plays results until the deployment ends, all done where nothing else is said. A result for a
/// phase is given once.
func play(
    _ deployment: Deployment, _ results: [Phase: StepResult] = [:]
) -> (Deployment, [Step]) {
    var deployment = deployment
    var results = results
    var steps: [Step] = []
    var now = Sample.moment
    while let step = deployment.nextStep(at: now), steps.count < 80 {
        steps.append(step)
        let result = results.removeValue(forKey: deployment.phase) ?? .done
        now = now + .milliseconds(10)
        if case .settle(_, let until, _) = step { now = until }
        deployment.record(result, of: step, at: now)
    }
    return (deployment, steps)
}

/// Plays until the deployment is in this phase, all done but for the given results; nil where it
/// never comes there.
func play(
    _ deployment: Deployment, to phase: Phase, _ results: [Phase: StepResult] = [:]
) -> Deployment? {
    var deployment = deployment
    var results = results
    var now = Sample.moment
    for _ in 0..<80 {
        if deployment.phase == phase { return deployment }
        guard let step = deployment.nextStep(at: now) else { return nil }
        let result = results.removeValue(forKey: deployment.phase) ?? .done
        now = now + .milliseconds(10)
        if case .settle(_, let until, _) = step { now = until }
        deployment.record(result, of: step, at: now)
    }
    return nil
}
