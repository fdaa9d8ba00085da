package import BlueGreen

extension NginxSettings {
    /// What a deployment may ask of nginx between arming and the switch of all traffic, and
    /// behind it. Without any of it nothing of it costs a request.
    package struct Rollout: Hashable, Sendable {
        /// Whether nginx can write down what it answers, while it is asked to.
        package var isObserved: Bool
        /// The shares of a canary; none in `reload` mode.
        package var steps: [Share]
        package var stickiness: Stickiness

        package init(
            isObserved: Bool = false, steps: [Share] = [], stickiness: Stickiness = .client
        ) {
            self.isObserved = isObserved
            self.steps = steps
            self.stickiness = stickiness
        }
    }
}
