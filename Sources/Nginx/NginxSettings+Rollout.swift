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

    /// By what a canary knows a client again.
    package enum Stickiness: Hashable, Codable, Sendable {
        /// Its address and what it calls itself.
        case client
        /// The cookie of this name, of letters, digits and `_`; the client where there is none.
        case cookie(String)
        /// The header field of this name, of letters, digits and `-`; the client where there is
        /// none.
        case header(String)
    }
}
