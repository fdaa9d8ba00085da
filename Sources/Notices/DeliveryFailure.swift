import BlueGreen

/// Why one attempt did not deliver a notice. Texts of others are redacted before they get here.
package enum DeliveryFailure: Hashable, Sendable {
    /// The start of the answer's body, and how long the server asks to be left alone.
    case answered(status: Int, text: String, retryAfter: Duration?)
    /// Within this time.
    case silent(Duration)
    case unreachable(reason: String)
    /// A program, which was ended after this time.
    case unfinished(Duration)
    /// With the last line of the program's output.
    case exited(Int, text: String)
    case signalled(Int)
    case notStarted(reason: String)
    case cancelled

    /// Whether another attempt may do better.
    var isTransient: Bool {
        switch self {
        case .answered(let status, _, _): status == 408 || status == 429 || status >= 500
        case .silent, .unreachable, .unfinished, .exited, .signalled: true
        case .notStarted, .cancelled: false
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .answered(_, _, let wait): wait
        case .silent, .unreachable, .unfinished, .exited, .signalled, .notStarted, .cancelled: nil
        }
    }

    /// The cause, as it follows a colon.
    package var reason: String {
        switch self {
        case .answered(let status, let text, let retryAfter):
            "it answered \(status)" + quoted(text)
                + (retryAfter.map { " and asks to wait \($0.text)" } ?? "")
        case .silent(let limit): "there was no whole answer within \(limit.text)"
        case .unreachable(let reason): "it could not be reached, \(reason)"
        case .unfinished(let limit): "it did not end within \(limit.text) and was ended"
        case .exited(let code, let text): "it exited with \(code)" + quoted(text)
        case .signalled(let signal): "it was ended by signal \(signal)"
        case .notStarted(let reason): reason
        case .cancelled: "the run ended before it was sent"
        }
    }

    /// The next move, without a full stop.
    var remedy: String {
        switch self {
        case .answered(let status, _, _):
            isTransient
                ? "look at the service's own status page"
                : (300..<400).contains(status)
                    ? "give the address it redirects to; redirects are not followed"
                    : "check the address under `notify` in teal.yml"
        case .silent, .unreachable:
            "check the address under `notify` in teal.yml and the host's way to it"
        case .unfinished, .exited, .signalled, .notStarted:
            "run the command under `notify` in teal.yml by hand"
        case .cancelled: "nothing, where that was meant"
        }
    }

    private func quoted(_ text: String) -> String {
        text.isEmpty ? "" : " (\(text))"
    }
}
