/// A part of a whole, `10%`.
package struct Share: Hashable, Comparable, Codable, Sendable {
    /// 0.1 for 10 %; may be above 1.
    package let fraction: Double

    package init(fraction: Double) {
        self.fraction = fraction
    }

    package init(percent: Double) {
        fraction = percent / 100
    }

    /// The share of a span that a part of it is.
    package init(_ part: Duration, of span: Duration) {
        fraction = span > .zero ? part / span : 0
    }

    /// With a decimal where there is one, `12.5%`.
    package var preciseText: String {
        (fraction * 100).oneDecimal + "%"
    }

    /// In whole percent, `10%`.
    package var text: String {
        "\(Int((fraction * 100).rounded()))%"
    }

    package static func < (left: Share, right: Share) -> Bool {
        left.fraction < right.fraction
    }
}
