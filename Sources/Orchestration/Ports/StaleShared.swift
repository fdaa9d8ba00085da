/// A shared service whose container is not what the release would have made.
package struct StaleShared: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case otherImage
        /// It has a build of its own, which only its replacement begins.
        case notBuilt
    }

    package let service: String
    package let reason: Reason

    package init(_ service: String, _ reason: Reason) {
        self.service = service
        self.reason = reason
    }
}
