/// The candidate's first minutes with all of the traffic.
package struct Bake: Hashable, Codable, Sendable {
    /// Zero for none.
    package var duration: Duration
    package var bounds: BreachBounds

    package init(duration: Duration = .seconds(60), bounds: BreachBounds = BreachBounds()) {
        self.duration = duration
        self.bounds = bounds
    }

    package static let none = Bake(duration: .zero)
}
