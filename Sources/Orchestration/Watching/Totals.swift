package import BlueGreen

/// Times that were counted by bounds, as a histogram has them.
package struct TimeTally: Hashable, Sendable {
    /// The longest times that each count has, in ascending order.
    package let bounds: [Duration]
    /// One more than there are bounds: the last one has what is longer than all of them.
    package private(set) var counts: [Int]
    package private(set) var total = Duration.zero

    package init(_ bounds: [Duration]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package var count: Int { counts.reduce(0, +) }

    /// - Parameter bound: one of the bounds; another one counts as the next greater one.
    package mutating func add(_ count: Int, upTo bound: Duration?, lasting time: Duration) {
        let index = bound.flatMap { bound in bounds.firstIndex { bound <= $0 } }
        counts[index ?? bounds.count] += count
        total += time
    }

    /// The bound that a time counts for; nil beyond all of them.
    package static func bound(of time: Duration, among bounds: [Duration]) -> Duration? {
        bounds.first { time <= $0 }
    }

    /// From 5 ms to 5 s.
    package static let probeBounds: [Duration] =
        [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000].map { .milliseconds($0) }
    /// From 5 s to an hour.
    package static let deploymentBounds: [Duration] =
        [5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600].map { .seconds($0) }
}

/// The sums over all that a watch has kept, which outlive results and processes.
package struct WatchTotals: Hashable, Sendable {
    package struct Probes: Hashable, Sendable {
        package var passed = 0
        package var failed = 0
        package var times = TimeTally(TimeTally.probeBounds)
        /// When a probe last passed; nil where none ever did.
        package var lastPass: Timestamp?

        package init() {}
    }

    package struct Act: Hashable, Sendable {
        package let did: WatchEvent.Did
        package let count: Int

        package init(_ did: WatchEvent.Did, count: Int) {
            self.did = did
            self.count = count
        }
    }

    package struct Notices: Hashable, Sendable {
        /// The word of the event, `promoted`.
        package let event: String
        package let isDelivered: Bool
        package let count: Int

        package init(_ event: String, isDelivered: Bool, count: Int) {
            self.event = event
            self.isDelivered = isDelivered
            self.count = count
        }
    }

    /// By the name of the service.
    package var probes: [String: Probes] = [:]
    /// In order.
    package var acts: [Act] = []
    /// In order.
    package var notices: [Notices] = []

    package init() {}
}

/// The sums over all deployments that ended.
package struct DeploymentTotals: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let kind: DeploymentKind
        package let outcome: Outcome
        /// Without the time in which a person had the word.
        package var times = TimeTally(TimeTally.deploymentBounds)

        package init(_ kind: DeploymentKind, _ outcome: Outcome) {
            self.kind = kind
            self.outcome = outcome
        }
    }

    /// In order.
    package var lines: [Line] = []

    package init() {}
}

/// A store that counts what a watch notices and does.
package protocol CountingWatchStore: WatchStore {
    /// It reads as many rows as there are services and kinds of acts, however much is kept.
    func totals() async throws -> WatchTotals

    /// Counts a notice, whoever sent it.
    func count(notice event: String, isDelivered: Bool) async throws
}

/// A store that counts deployments when they end.
package protocol CountingDeploymentStore: DeploymentStore {
    /// It reads a few rows, however many deployments there are.
    func totals() async throws -> DeploymentTotals
}
