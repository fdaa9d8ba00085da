import BlueGreen
import Nginx

extension AppConfiguration {
    /// What nginx's files have to be ready for. Nothing of it costs a request anything at rest
    /// where neither a bake nor a canary is asked for.
    var rollout: NginxSettings.Rollout {
        let steps = deployment.canary.steps
        return NginxSettings.Rollout(
            isObserved: deployment.bake.duration > .zero || !steps.isEmpty, steps: steps,
            stickiness: stickiness)
    }
}
