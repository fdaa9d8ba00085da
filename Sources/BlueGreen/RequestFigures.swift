/// What nginx saw of the requests to one colour over a span of time.
package struct RequestFigures: Hashable, Codable, Sendable {
    package let requests: Int
    /// Those of them that were answered with a status from 500 on.
    package let errors: Int
    /// How long the colour took for the fastest half, 95 % and 99 % of them; zero where there
    /// were none.
    package let p50: Duration
    package let p95: Duration
    package let p99: Duration

    package init(
        requests: Int, errors: Int, p50: Duration = .zero, p95: Duration = .zero,
        p99: Duration = .zero
    ) {
        self.requests = requests
        self.errors = errors
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }

    package static let none = RequestFigures(requests: 0, errors: 0)

    package var errorShare: Share {
        Share(fraction: requests > 0 ? Double(errors) / Double(requests) : 0)
    }
}
