@testable import BlueGreen

/// Where the start of several containers, one after the other, stands. The index counts them.
enum Launch: Hashable, Codable, Sendable {
    case starting(Int)
    /// It was started and is not known to be up.
    case probing(Int)
    /// The host has a rest before this one is started: at least until the moment, then until it
    /// has settled.
    case pausing(Int, until: Timestamp)

    var index: Int {
        switch self {
        case .starting(let index), .probing(let index), .pausing(let index, _): index
        }
    }
}
