import Testing

/// A release that passes every gate and goes bad once it has visitors.
enum BadRelease: String, CaseIterable, CustomTestStringConvertible {
    case errors
    case slow
    case outOfMemory
    case unhealthy

    var testDescription: String { rawValue }

    /// A while in which the release before it is measured.
    private static let start = ["VERSION": "v2", "HEALTH_AFTER_MS": "2500"]

    var environment: [String: String] {
        let own =
            switch self {
            case .errors: ["FAIL_EVERY": "20"]
            case .slow: ["DELAY_MS": "200"]
            case .outOfMemory: ["LEAK_MB": "16"]
            case .unhealthy: ["UNHEALTHY_AFTER": "10"]
            }
        return own.merging(Self.start) { $1 }
    }

    /// What visitors may get from it; anything else would be the way back's fault.
    var statuses: Set<Int> {
        switch self {
        case .errors: [200, 500]
        case .slow, .unhealthy: [200]
        case .outOfMemory: [200, 502, 504]
        }
    }

    /// What the last lines say decided.
    var reason: Regex<Substring> {
        switch self {
        case .errors: /green answered [0-9]+ of [0-9]+ requests with a 5xx/
        case .slow: /green's p95 is .* over [0-9]+ requests, [0-9.]+ times blue's/
        case .outOfMemory: /green web-1 .*memory/
        case .unhealthy: /green web-1 .*\/healthz answered 503/
        }
    }
}
