/// When a candidate that has traffic loses it again.
package struct BreachBounds: Hashable, Codable, Sendable {
    /// The greatest share of its answers that may be a 5xx.
    package let errors: Share
    /// How many times the previous colour's p95 its own may be.
    package let latency: Double
    /// From so many requests on its figures count.
    package let requests: Int

    package init(
        errors: Share = Share(percent: 5), latency: Double = 3, requests: Int = 20
    ) {
        self.errors = errors
        self.latency = latency
        self.requests = requests
    }
}
