/// What one probe of one replica found.
package enum ProbeResult: Hashable, Codable, Sendable {
    case passed
    case failed(ProbeFailure)
}

/// Why a probe did not pass.
package enum ProbeFailure: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The answer had a status that `expect` does not list.
    case status(Int)
    case refused
    /// No complete answer came within the timeout.
    case timedOut(Duration)
    /// The connection closed, or what came was not HTTP.
    case noAnswer
    /// The command inside the container ended with this exit code.
    case exit(Int)
    /// The container's own HEALTHCHECK says `starting` or `unhealthy`, or there is none.
    case engine(String)
    /// Anything else, in the words of the system.
    case other(String)

    package var description: String {
        switch self {
        case .status(let status): "answered \(status)"
        case .refused: "refused the connection"
        case .timedOut(let timeout): "gave no answer within \(timeout.text)"
        case .noAnswer: "closed the connection without an answer"
        case .exit(let code): "ended with exit code \(code)"
        case .engine(let state): "reports \"\(state)\""
        case .other(let reason): "failed: \(reason)"
        }
    }
}
