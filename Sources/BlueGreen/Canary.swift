/// The shares of the traffic that a candidate gets one after the other before it gets all.
package struct Canary: Hashable, Codable, Sendable {
    /// Ascending, below 100 %; none for no canary.
    package var steps: [Share]
    /// How long each lasts.
    package var every: Duration

    package init(steps: [Share] = [], every: Duration = .seconds(60)) {
        self.steps = steps
        self.every = every
    }
}
