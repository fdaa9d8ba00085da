import BlueGreen
import HostSystem
import Orchestration

/// Keeps what is written into the record of an app's watch apart: rounds, and notes of a person's
/// acts between them.
struct WatchLock {
    let path: String
    let clock: any WallClock

    init(of app: AppContext, clock: any WallClock) {
        self.init(path: app.state.watchLock(of: app.name), clock: clock)
    }

    init(path: String, clock: any WallClock) {
        self.path = path
        self.clock = clock
    }

    /// Another round is not waited for: two at once would count the same failure twice. A note is no
    /// round and over at once; a holder that has not yet written its name may be either.
    ///
    /// - Throws: `HostError.locked` where another round is under way.
    func acquireForRound(by verb: String) async throws -> FileLock {
        let deadline = clock.now + .seconds(5)
        while true {
            do {
                return try FileLock.acquire(path: path, holder: holder(verb))
            } catch HostError.locked(let other)
                where !(other?.isWatch ?? false) && clock.now < deadline
            {
                try await clock.sleep(until: clock.now + .milliseconds(100))
            }
        }
    }

    /// A round that is under way would write over a note what it read before.
    func acquireForNote(by verb: String) async throws -> FileLock {
        try await FileLock.acquire(
            path: path, holder: holder(verb), waitingAtMost: Self.longestRound, clock: clock,
            onWait: { _ in })
    }

    private func holder(_ verb: String) -> LockHolder {
        LockHolder(pid: ProcessInformation.pid, since: clock.now, verb: verb, release: nil)
    }

    /// Probes have a timeout each, and are made together.
    private static let longestRound = Duration.seconds(30)
}
