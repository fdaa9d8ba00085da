import BlueGreen
import Histogram

/// The requests to one colour, counted.
struct RequestLogTally: Sendable {
    private var requests = 0
    private var errors = 0
    /// In milliseconds, which is what nginx writes. Two digits: exact up to 255 ms and to 1 %
    /// beyond, since shares of slowness by far more than that are what anybody acts on. Up to an
    /// hour these are 2,048 counters of 4 bytes.
    private var latency = Histogram<UInt32>(
        highestTrackableValue: longest, numberOfSignificantValueDigits: .two)

    private static let longest: UInt64 = 3_600_000

    mutating func add(_ line: RequestLogLine) {
        // A websocket that closes says how long somebody stayed, and must not stand for a request
        // among those from which on figures count.
        guard let milliseconds = line.latency else { return }
        requests += 1
        if line.status >= 500 { errors += 1 }
        latency.record(min(UInt64(max(0, milliseconds)), Self.longest))
    }

    var figures: RequestFigures {
        RequestFigures(
            requests: requests, errors: errors, p50: percentile(50), p95: percentile(95),
            p99: percentile(99))
    }

    private func percentile(_ percentile: Double) -> Duration {
        .milliseconds(latency.valueAtPercentile(percentile))
    }
}
