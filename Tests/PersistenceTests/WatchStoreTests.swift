import BlueGreen
import GRDB
import Orchestration
import TestSupport
import Testing

@testable import Persistence

@Suite("The store of a watch")
struct WatchStoreTests {
    private static let web = WatchedReplica(
        Placement(colour: .blue, release: Sample.release(1)), Replica(service: "web", index: 1))

    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("shop/watch.sqlite")
    }

    private func record(at wall: Timestamp) -> WatchRecord {
        WatchRecord(at: WatchMoment(wall: wall, uptime: .zero, boot: "a"))
    }

    private func count(_ table: String) throws -> Int? {
        try DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)")
        }
    }

    @Test("A round is kept whole, and read by others; a store that is missing has none")
    func keeps() async throws {
        #expect(try await SQLiteWatchStore.openForReading(path).record() == nil)
        let store = try SQLiteWatchStore.open(path)
        #expect(try await store.record() == nil)
        var record = record(at: Sample.moment)
        record.begin(.restart(Self.web, reason: "ill"), WatchSettings())
        let events = [WatchEvent.Kind.unhealthy, .restarted].map {
            WatchEvent(
                $0, "blue web-1", at: Sample.moment, reason: "ill",
                probes: [ProbeNote(at: Sample.moment, text: "answered 503")])
        }
        try await store.save(record, results: [], events: events, keep: .init())
        let reader = try SQLiteWatchStore.openForReading(path)
        #expect(try await reader.record() == record)
        #expect(try await reader.events(limit: 5) == events.reversed())
        #expect(try await reader.events(limit: 1).map(\.kind) == [.restarted])
        await #expect(throws: PersistenceError.readOnly(path: path)) {
            try await reader.save(record, results: [], events: [], keep: .init())
        }
    }

    @Test("Results are summed up by the minute and forgotten when their time is over")
    func forgets() async throws {
        let store = try SQLiteWatchStore.open(path)
        let keep = WatchSettings.Retention(raw: .seconds(60), minutes: .seconds(600))
        for second in stride(from: 0, to: 1200, by: 10) {
            let now = Sample.moment + .seconds(second)
            let row = ProbeRow(
                Self.web, at: now, hasPassed: second % 30 != 0, took: .milliseconds(second))
            try await store.save(record(at: now), results: [row], events: [], keep: keep)
        }
        #expect(try count("results") == 7)
        #expect(try count("minutes") == 11)
        let minute = try DatabaseQueue(path: path).read {
            try Row.fetchOne($0, sql: "SELECT * FROM minutes ORDER BY minute DESC LIMIT 1 OFFSET 1")
        }
        #expect(minute?["passes"] == 4)
        #expect(minute?["failures"] == 2)
    }

    @Test("A moment that comes again, since the clock was set back, is no error")
    func clockSetBack() async throws {
        let store = try SQLiteWatchStore.open(path)
        for hasPassed in [true, false] {
            let row = ProbeRow(Self.web, at: Sample.moment, hasPassed: hasPassed, took: nil)
            try await store.save(
                record(at: Sample.moment), results: [row], events: [], keep: .init())
        }
        #expect(try count("results") == 1)
    }
}
