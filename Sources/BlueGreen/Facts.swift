/// The history of a deployment as decisions read it; they never read the words for people.
package struct Facts: Hashable, Codable, Sendable {
    /// Something that a deployment does once, and that later decisions depend on.
    package enum Milestone: String, Codable, CodingKeyRepresentable, Sendable {
        /// The previous colour's figures count from here.
        case measuring
        /// The previous colour may have lost its traffic, and then its containers, to make room.
        case madeRoom
        /// The candidate may have had a share of the requests.
        case diverted
        /// The candidate may have, or have had, requests.
        case exposed
        /// The candidate got all of the traffic.
        case switched
        /// The hooks after the switch were all run.
        case passedSwitchHooks
        /// The bake is over, and the end of the deployment has begun.
        case beganToEnd
        /// Containers of the previous colour may have been stopped or removed for good.
        case beganToRetire
        /// The candidate did badly with traffic; its containers are kept, stopped.
        case breached
        /// Traffic was to go back to the previous colour, or stay there.
        case turnedBack
        /// The services that run in one colour at a time go back to the previous one.
        case handedBack
    }

    /// How the candidate fits into the host's memory, as far as that was asked.
    package enum Fit: String, Codable, Sendable {
        case unknown
        /// Only with the previous colour stopped.
        case alone
        /// Not even then.
        case never
    }

    /// When each came to pass first.
    package private(set) var milestones: [Milestone: Timestamp] = [:]
    package internal(set) var fit = Fit.unknown
    /// In the order of their cases, so that equal facts are equal records.
    package private(set) var owed: [Owed] = []
    /// How often the previous set was started again to take its traffic back.
    var restoringRounds = 0
    /// nginx's figures of the previous colour before anything changed.
    package internal(set) var baseline: RequestFigures?
    /// The last figures of each stage, in order.
    package internal(set) var observed: [ObservedStage] = []
    /// Wider than those of the settings if the host has a load of its own.
    var bounds: SettleBounds?
    /// The bounds that the starts of its containers waited for.
    package internal(set) var waits = Waits()
    /// When the bake is over, also for a run that takes it up.
    var bakeEndsAt: Timestamp?

    /// Whether it has come to pass.
    package func has(_ milestone: Milestone) -> Bool { milestones[milestone] != nil }

    mutating func note(_ milestone: Milestone, at now: Timestamp) {
        if milestones[milestone] == nil { milestones[milestone] = now }
    }

    mutating func forget(_ milestone: Milestone) { milestones[milestone] = nil }

    mutating func owe(_ work: Owed) {
        owed = Owed.allCases.filter { owed.contains($0) || $0 == work }
    }

    mutating func settle(_ work: Owed) { owed.removeAll { $0 == work } }
}
