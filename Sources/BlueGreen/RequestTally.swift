/// The requests to one colour, counted so that those of several hosts can be added.
package struct RequestTally: Hashable, Codable, Sendable {
    package private(set) var requests: Int
    package private(set) var errors: Int
    package private(set) var turnedAway: Int
    /// How many of them took so many milliseconds.
    package private(set) var latencies: [Int: Int]

    /// - Parameters:
    ///   - requests: All of them, as in `RequestFigures`.
    ///   - latencies: How many of them took so many milliseconds.
    package init(requests: Int, errors: Int, turnedAway: Int, latencies: [Int: Int]) {
        self.requests = requests
        self.errors = errors
        self.turnedAway = turnedAway
        self.latencies = latencies
    }

    package static let none = RequestTally(requests: 0, errors: 0, turnedAway: 0, latencies: [:])

    package mutating func add(_ other: RequestTally) {
        requests += other.requests
        errors += other.errors
        turnedAway += other.turnedAway
        latencies.merge(other.latencies, uniquingKeysWith: +)
    }

    package var figures: RequestFigures {
        let sorted = latencies.sorted { $0.key < $1.key }
        return RequestFigures(
            requests: requests, errors: errors, turnedAway: turnedAway,
            p50: Self.percentile(50, of: sorted), p95: Self.percentile(95, of: sorted),
            p99: Self.percentile(99, of: sorted))
    }

    /// The time within which so many percent of the requests were answered.
    private static func percentile(
        _ percent: Int, of sorted: [(key: Int, value: Int)]
    ) -> Duration {
        let all = sorted.reduce(0) { $0 + $1.value }
        var counted = 0
        for (milliseconds, count) in sorted {
            counted += count
            if counted * 100 >= all * percent { return .milliseconds(milliseconds) }
        }
        return .zero
    }
}
