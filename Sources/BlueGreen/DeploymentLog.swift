/// The story of a deployment, for people: nothing is decided by it.
package struct DeploymentLog: Hashable, Codable, Sendable {
    /// The beginning of one part of the way, under its word.
    package struct Entry: Hashable, Codable, Sendable {
        package let name: String
        package let at: Timestamp

        package init(name: String, at: Timestamp) {
            self.name = name
            self.at = at
        }
    }

    /// When each part of the way began; neighbours of the same name are one entry.
    package private(set) var phases: [Entry] = []
    /// The first failure; later ones are warnings.
    package private(set) var failure: Failure?
    package private(set) var warnings: [Warning] = []

    mutating func enter(_ name: String, at now: Timestamp) {
        if phases.last?.name != name { phases.append(Entry(name: name, at: now)) }
    }

    mutating func note(_ failure: Failure) {
        if self.failure == nil { self.failure = failure } else { warn(failure.warning) }
    }

    /// Only if nothing failed before.
    mutating func noteCause(_ failure: Failure) {
        if self.failure == nil { self.failure = failure }
    }

    /// Of what is not so any more.
    mutating func takeBack(_ cause: Warning.Cause) {
        warnings.removeAll { $0.cause == cause }
    }

    /// A warning that was given once is not given again for every container.
    mutating func warn(_ warning: Warning) {
        if !warnings.contains(where: { $0.message == warning.message }) {
            warnings.append(warning)
        }
    }
}

/// A thing that the caller should know of and that ended nothing.
package struct Warning: Hashable, Codable, Sendable {
    /// The kind of a warning; its words are in the message.
    package enum Cause: Hashable, Codable, Sendable {
        /// A failure that the deployment went on after.
        case failure(Failure.Cause)
        /// An act was done, but not as it should be.
        case act
        /// nginx or a container could not be looked at.
        case observation
        /// The host did not settle before `start.at_most` was over.
        case unsettled
        case room
        /// The deployment goes on without a record of its last steps.
        case unrecorded
        /// A signal ended a wait early.
        case signal(String)
    }

    package let cause: Cause
    /// Whole sentences.
    package let message: String

    package init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }
}

extension Failure {
    var warning: Warning { Warning(.failure(cause), message) }
}
