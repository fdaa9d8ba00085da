import NIOCore

/// How a release is bad once it has requests, and how many it had. Probes of `/healthz` are not
/// counted and suffer nothing of it but `isUnhealthy`: such a release passes every gate before it
/// has traffic.
struct Faults {
    /// Every so many requests one is answered 500: 20 is 5 %.
    var failsEvery: Int?
    /// Each answer comes so much later.
    var delay = TimeAmount.zero
    /// Each request takes so much memory, in MB, and keeps it. With less than 8 the kernel may read
    /// the program's own pages again and again, for a minute, before it kills what is over its
    /// limit.
    var leak = 0
    /// From the first request until the leak begins.
    var leakAfter = TimeAmount.zero
    /// After so many requests it is never healthy again.
    var unhealthyAfter: Int?
    /// The request after so many ends the process.
    var crashAfter: Int?

    private(set) var requests = 0
    private var leakBegins: NIODeadline?

    init() {}

    /// The fate of one request.
    struct Effect: Equatable {
        var crashes = false
        var fails = false
        var leak = 0
        var delay = TimeAmount.zero
    }

    /// Counts one more request.
    mutating func next(at now: NIODeadline) -> Effect {
        requests += 1
        let begins = leakBegins ?? now + leakAfter
        leakBegins = begins
        return Effect(
            crashes: crashAfter.map { requests > $0 } ?? false,
            fails: failsEvery.map { requests.isMultiple(of: $0) } ?? false,
            leak: now >= begins ? leak : 0, delay: delay)
    }

    var isUnhealthy: Bool { unhealthyAfter.map { requests >= $0 } ?? false }
}
