package import BlueGreen

/// The hosts whose nginx takes visitors, and the state that all of them should follow.
package struct EdgeOverview: Hashable, Sendable {
    /// One of them as the engine's managers see it.
    package struct Edge: Hashable, Sendable {
        package let node: String
        package let address: String
        /// Why it cannot follow now, `node2 is down`; nil where it can.
        package let absence: String?
        /// Whether a person has said that no change waits for it until it comes back.
        package let isForgotten: Bool
        /// Whether it was seen to follow the present epoch.
        package let isConfirmed: Bool
        /// By its own word; nil where it has said nothing.
        package let epoch: Int?
        /// The colours that its nginx sends requests to; nil where it has said nothing.
        package let division: Division?
        /// By its own clock.
        package let confirmedAt: Timestamp?
        /// Its own word about what keeps it from following, or would keep the next deploy.
        package let failure: String?
        /// By its own word; nil where it has said nothing of it.
        package let memory: NodeMemory?

        package init(
            node: String, address: String, absence: String?, isForgotten: Bool = false,
            isConfirmed: Bool, epoch: Int?, division: Division?, confirmedAt: Timestamp?,
            failure: String?, memory: NodeMemory? = nil
        ) {
            self.node = node
            self.address = address
            self.absence = absence
            self.isForgotten = isForgotten
            self.isConfirmed = isConfirmed
            self.epoch = epoch
            self.division = division
            self.confirmedAt = confirmedAt
            self.failure = failure
            self.memory = memory
        }
    }

    /// Of the state; it grows with each change.
    package let epoch: Int
    package let division: Division
    /// In alphabetical order.
    package let edges: [Edge]

    package init(epoch: Int, division: Division, edges: [Edge]) {
        self.epoch = epoch
        self.division = division
        self.edges = edges
    }
}
