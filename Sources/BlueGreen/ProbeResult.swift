/// The finding of one probe of one replica.
package enum ProbeResult: Hashable, Codable, Sendable {
    case passed
    /// It passed by a status that `expect` lists and that is no 2xx: a redirect, for instance.
    case accepted(status: Int)
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
    /// The connection closed before anything came.
    case noAnswer
    /// Something else than HTTP came.
    case notHTTP(Speech)
    /// The command inside the container ended with this exit code.
    case exit(Int)
    /// The container's own HEALTHCHECK does not say `healthy`; the last output of it, on one line.
    case reported(Health, output: String?)
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
        case .notHTTP(let speech): speech.description
        case .exit(let code): "ended with exit code \(code)"
        case .reported(let health, nil): "reports \"\(health.rawValue)\""
        case .reported(let health, let output?): "reports \"\(health.rawValue)\": \(output)"
        case .noHealthCheck: "reports \"no HEALTHCHECK\""
        case .noContainer: "failed: there is no container"
        case .noAddress: "failed: it has no address on its network"
        case .other(let reason): "failed: \(reason)"
        }
    }
}

/// An answer in another protocol than HTTP, as far as its first bytes tell.
package enum Speech: Hashable, Codable, Sendable, CustomStringConvertible {
    case tls
    /// The beginning of a text, without control characters.
    case words(String)
    case bytes

    package var description: String {
        switch self {
        case .tls:
            "answers in TLS, and nginx as well as this check speak plain HTTP: switch TLS off in "
                + "the container, or name its plain port"
        case .words(let text): "does not answer in HTTP, but with \"\(text)\""
        case .bytes: "does not answer in HTTP, but in another protocol"
        }
    }
}

/// The verdict of a container's own HEALTHCHECK, in Docker's words.
package enum Health: String, Hashable, Codable, Sendable {
    case starting
    case healthy
    case unhealthy
}
