import Testing

/// A release that passes every gate and goes bad once it has visitors.
enum BadRelease: String, CaseIterable, CustomTestStringConvertible {
    case errors
    case slow
    case outOfMemory
    case unhealthy

    var testDescription: String { rawValue }

    /// A leak and an illness take hundreds of requests, so that nginx has written some down before
    /// the end.
    /// Slow is fifteen times the delay of a good release, so that a busy machine, which adds as much
    /// to both, leaves their ratio far above the bound of three.
    var environment: [String: String] {
        switch self {
        case .errors: ["VERSION": "v2", "FAIL_EVERY": "20"]
        case .slow: ["VERSION": "v2", "DELAY_MS": "1500"]
        case .outOfMemory: ["VERSION": "v2", "LEAK_MB": "1", "MEMORY_LIMIT": "256m"]
        case .unhealthy: ["VERSION": "v2", "UNHEALTHY_AFTER": "300"]
        }
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
