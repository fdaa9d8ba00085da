/// Who decides that a healthy candidate gets traffic.
package enum Promotion: Hashable, Codable, Sendable {
    case auto
    /// A person, in so much time.
    case manual(within: Duration)

    /// How long a person has the word.
    var time: Duration {
        switch self {
        case .auto: .zero
        case .manual(let time): time
        }
    }
}
