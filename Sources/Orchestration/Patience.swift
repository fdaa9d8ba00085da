import BlueGreen

/// How often, and how soon one after the other, a replica that was healthy may fail its check.
enum Patience: Sendable {
    /// Nobody waits for its answers yet, so that it is asked as often as while it starts.
    case beforeTraffic
    /// A pause of the program must not cost it its traffic: it is asked at the interval that it
    /// was given, but once a second at least, which is how often it is looked at.
    case withTraffic

    func attempts(of check: HealthCheck) -> Int {
        switch self {
        // Docker says so only after as many failures as it was told to wait for.
        case .withTraffic where check.isMadeByDocker: 1
        case .withTraffic, .beforeTraffic: max(check.fall, 1)
        }
    }

    func pause(of check: HealthCheck) -> Duration {
        switch self {
        case .beforeTraffic: check.startingInterval
        case .withTraffic: min(check.interval, .seconds(1))
        }
    }

    /// Docker does not know yet, since it was itself started anew and its containers with it.
    func waits(for failure: ProbeFailure) -> Bool {
        switch self {
        case .beforeTraffic: false
        case .withTraffic: failure == .reported(.starting)
        }
    }
}
