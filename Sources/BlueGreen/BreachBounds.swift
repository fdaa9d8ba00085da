/// When a candidate that has traffic loses it again.
package struct BreachBounds: Hashable, Codable, Sendable {
    /// The greatest share of its answers that may be a 5xx.
    package var errors: Share
    /// How many times the previous colour's p95 its own may be.
    package var latency: Double
    /// From so many requests on its figures count.
    package var requests: Int

    package init(
        errors: Share = Share(percent: 5), latency: Double = 3, requests: Int = 20
    ) {
        self.errors = errors
        self.latency = latency
        self.requests = requests
    }
}

extension BreachBounds {
    /// Nobody notices a difference below this, however many times it is: nginx counts whole
    /// milliseconds. 1 ms against 4 says nothing about a release.
    static let unnoticed = Duration.milliseconds(20)

    /// The predicate of a sentence about the colour; nil where it is within bounds.
    func errorBreach(of figures: RequestFigures) -> String? {
        guard figures.requests >= requests, figures.errorShare > errors else { return nil }
        return "answered \(figures.errors) of \(figures.requests) requests with a 5xx "
            + "(\(figures.errorShare.preciseText)); `errors` allows \(errors.preciseText)."
    }

    /// The latency that is too high, as a text that needs the name of the colour it is compared
    /// with.
    func latencyBreach(
        of figures: RequestFigures, against previous: RequestFigures?
    ) -> ((Colour) -> String)? {
        guard let previous, figures.requests >= requests, previous.requests >= requests,
            figures.p95 > previous.p95 * latency, figures.p95 - previous.p95 >= Self.unnoticed
        else { return nil }
        let times = previous.p95 > .zero ? figures.p95 / previous.p95 : 0
        let ratio = times > 0 ? "\(times.oneDecimal) times " : "against "
        return { other in
            "p95 is \(figures.p95.text) over \(figures.requests) requests, \(ratio)\(other)'s "
                + "\(previous.p95.text); `latency` allows \(latency.oneDecimal)x."
        }
    }
}

extension Double {
    /// `5`, `3.2`
    var oneDecimal: String {
        let tenths = Int((self * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
