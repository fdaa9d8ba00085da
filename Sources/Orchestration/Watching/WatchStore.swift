package import BlueGreen
import Synchronization

/// The record of a watch, beside the app's deployments: rounds never wait for a run that holds
/// the app's lock.
package protocol WatchStore: Sendable {
    /// nil before the first round.
    ///
    /// - Throws: `LostWatchRecord` where nobody can read it any more.
    func record() async throws -> WatchRecord?

    /// Durable when it returns, all of it or nothing. Forgets results that are older than is kept.
    func save(
        _ record: WatchRecord, results: [ProbeRow], events: [WatchEvent],
        keep: WatchSettings.Retention
    ) async throws

    /// Newest first.
    func events(limit: Int) async throws -> [WatchEvent]
}

/// A record that is damaged, or that another Teal wrote.
package struct LostWatchRecord: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

extension WatchStore {
    /// The record, and why there is none any more. A watch then begins anew, with new budgets:
    /// otherwise it would end for good, and nobody would be restarted.
    package func readableRecord() async throws -> (record: WatchRecord?, loss: String?) {
        do { return (try await record(), nil) } catch let error as LostWatchRecord {
            return (nil, error.description)
        }
    }
}

/// The record of rounds that could not be kept. A process goes on by it, and does nothing, until the
/// disk takes a record again.
package final class WatchMemory: Sendable {
    private let unkept = Mutex<WatchRecord?>(nil)

    package init() {}

    var record: WatchRecord? { unkept.withLock { $0 } }

    func remember(_ record: WatchRecord?) {
        unkept.withLock { $0 = record }
    }
}

/// The result of one probe as it is kept.
package struct ProbeRow: Hashable, Sendable {
    package let watched: WatchedReplica
    /// By the wall clock.
    package let at: Timestamp
    package let hasPassed: Bool
    /// nil where nothing was probed: the container does not run.
    package let took: Duration?

    package init(_ watched: WatchedReplica, at moment: Timestamp, hasPassed: Bool, took: Duration?)
    {
        self.watched = watched
        at = moment
        self.hasPassed = hasPassed
        self.took = took
    }
}

/// Another one that has the app while a watch looks.
package enum WatchOccupant: Hashable, Sendable, CustomStringConvertible {
    /// A run of Teal, which holds the lock.
    case run(LockHolder)
    /// A person's command on the containers.
    case person

    package var description: String {
        switch self {
        case .run(let holder): "\(holder)"
        case .person: "`teal compose`"
        }
    }
}

/// The door to acts: the app's lock.
package protocol WatchGate: Sendable {
    /// nil while nobody has the app.
    var occupant: WatchOccupant? { get }

    /// Runs the body while the lock is held, with ports that may write.
    ///
    /// - Returns: nil where another run holds it; nobody waits.
    func enter<Result: Sendable>(
        _ body: @Sendable (Ports, AppDeployer) async throws -> Result
    ) async throws -> Result?
}

/// Tells people what a watch noticed or did.
package protocol WatchAnnouncer: Sendable {
    /// It may take its time and never fails: a person who was not reached is a warning.
    ///
    /// - Parameter situation: as the round found it; nil where it could not be read.
    func announce(_ events: [WatchEvent], _ situation: Situation?) async
}

/// The clocks of the host, and whether the program that looks can be trusted.
package protocol WatchHost: Sendable {
    var moment: WatchMoment { get }

    /// Whether a connection to the host's own loopback address opens.
    func reachesItself() async -> Bool
}
