package import BlueGreen

/// An error of an engine that spans several hosts.
package protocol ClusterFailure: Error {
    /// nil for one that callers need not tell from any other.
    var meaning: ClusterFailureMeaning? { get }
}

/// The failures that only several hosts can have.
package enum ClusterFailureMeaning: Hashable, Sendable {
    /// Too few hosts agree for anything to be changed.
    case noMajority
    /// Another run, on whatever host, has changed it first.
    case overtaken
    /// Another run, on another host, is at work on the same app.
    case leased

    package var cause: Failure.Cause {
        switch self {
        case .noMajority: .noMajority
        case .overtaken, .leased: .outrun
        }
    }
}
