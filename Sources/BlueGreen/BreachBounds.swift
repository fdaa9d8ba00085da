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

    /// The predicate of a sentence about the colour, as a text that needs the name of the colour it
    /// is compared with; nil where it is within bounds.
    ///
    /// A release that fails no more often than the one before it is no reason to go back there.
    func errorBreach(
        of figures: RequestFigures, against previous: RequestFigures?
    ) -> ((Colour) -> String)? {
        guard figures.requests >= requests, figures.errorShare > errors else { return nil }
        let before = measured(previous)?.errorShare ?? Share(percent: 0)
        guard figures.errorShare > before else { return nil }
        let allowed = "`errors` allows \(errors.preciseText)"
        return { other in
            "answered \(figures.errors) of \(figures.requests) requests with a 5xx "
                + "(\(figures.errorShare.preciseText)); \(allowed)"
                + (before > errors ? ", and \(other) had \(before.preciseText)." : ".")
        }
    }

    /// A sentence about a colour that keeps its traffic, and that answers almost nobody with what
    /// was asked for; nil for any other.
    func doubt(
        about colour: Colour, _ figures: RequestFigures, against previous: RequestFigures?
    ) -> String? {
        let least = Share(percent: 90)
        guard figures.requests >= requests, figures.turnedAwayShare >= least else { return nil }
        let known = measured(previous)
        if let known, known.turnedAwayShare >= least { return nil }
        let before = known.map { " Before, it was \($0.turnedAway) of \($0.requests)." } ?? ""
        return "\(colour) answered \(figures.turnedAway) of \(figures.requests) requests with a "
            + "redirect or a refusal (3xx, 4xx).\(before) Look at the app: `teal rollback` goes back."
    }

    func measured(_ figures: RequestFigures?) -> RequestFigures? {
        figures.flatMap { $0.requests >= requests ? $0 : nil }
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
