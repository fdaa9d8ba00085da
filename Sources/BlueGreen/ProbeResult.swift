/// The finding of one probe of one replica.
package enum ProbeResult: Hashable, Codable, Sendable {
    case passed
    case failed(ProbeFailure)
}

/// Why a probe did not pass.
package enum ProbeFailure: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The answer had a status that `expect` does not list.
    case status(Int)
    /// Nothing listens on this port of the replica.
    case refused(port: Int)
    /// No complete answer came within the timeout.
    case timedOut(Duration)
    /// The connection closed, or what came was not HTTP.
    case noAnswer
    /// The command inside the container ended with this exit code.
    case exit(Int)
    /// The container's own HEALTHCHECK does not say `healthy`.
    case reported(Health)
    /// The container has no HEALTHCHECK of its own.
    case noHealthCheck
    case noContainer
    /// The container has no address on its colour's network.
    case noAddress
    /// Anything else, in the words of the system.
    case other(String)

    package var description: String {
        switch self {
        case .status(let status): "answered \(status)"
        case .refused: "refused the connection"
        case .timedOut(let timeout): "gave no answer within \(timeout.text)"
        case .noAnswer: "closed the connection without an answer"
        case .exit(let code): "ended with exit code \(code)"
        case .reported(let health): "reports \"\(health.rawValue)\""
        case .noHealthCheck: "reports \"no HEALTHCHECK\""
        case .noContainer: "failed: there is no container"
        case .noAddress: "failed: it has no address on its network"
        case .other(let reason): "failed: \(reason)"
        }
    }
}

/// The verdict of a container's own HEALTHCHECK, in Docker's words.
package enum Health: String, Hashable, Codable, Sendable {
    case starting
    case healthy
    case unhealthy
}
