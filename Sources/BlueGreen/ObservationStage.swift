/// Which part of a deployment is observed.
package enum ObservationStage: Hashable, Codable, Sendable {
    /// The previous colour, before anything of it changes: what the candidate is compared with.
    case before
    /// The candidate has this share of the requests.
    case canary(Share)
    /// The candidate has all of them.
    case bake

    /// `canary 10%`
    package var name: String {
        switch self {
        case .before: "before"
        case .canary(let share): "canary \(share.preciseText)"
        case .bake: "bake"
        }
    }
}
