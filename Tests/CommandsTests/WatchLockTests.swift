import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("The lock of an app's watch")
struct WatchLockTests {
    private let path: String
    private let clock = ManualClock()
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        path = folder("watch.lock")
    }

    private func lock(_ clock: ManualClock) -> WatchLock { WatchLock(path: path, clock: clock) }

    private func held(by verb: String) throws -> FileLock {
        try FileLock.acquire(
            path: path, holder: LockHolder(pid: 1, since: clock.now, verb: verb, release: nil))
    }

    @Test("A round waits for no other round", arguments: ["probe", "watch"])
    func round(verb: String) async throws {
        let other = try held(by: verb)
        await #expect(throws: HostError.self) {
            _ = try await lock(clock).acquireForRound(by: "probe")
        }
        #expect(clock.waits.isEmpty)
        other.release()
        try await lock(clock).acquireForRound(by: "probe").release()
    }

    @Test("A round waits for a note, and not for ever")
    func note() async throws {
        let other = try held(by: "restart")
        await #expect(throws: HostError.self) {
            _ = try await lock(clock).acquireForRound(by: "probe")
        }
        #expect(clock.waits.reduce(.zero, +) == .seconds(5))
        let patient = ManualClock { _ in other.release() }
        try await lock(patient).acquireForRound(by: "probe").release()
        #expect(patient.waits.count == 1)
    }
}
