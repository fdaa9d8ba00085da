import BlueGreen
import GRDB
import HostSystem
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

    @Test("Probes, acts and notices are summed, and the sums outlive what they were made of")
    func totals() async throws {
        #expect(try await SQLiteWatchStore.openForReading(path).totals() == WatchTotals())
        let store = try SQLiteWatchStore.open(path)
        let took: [Duration?] = [.milliseconds(5), .milliseconds(6), .seconds(6), nil]
        for (index, took) in took.enumerated() {
            let at = Sample.moment + .seconds(index)
            let result = ProbeRow(Self.web, at: at, hasPassed: index < 2, took: took)
            let act = WatchEvent(
                .restarted, "blue web-1", at: at, reason: "ill",
                did: .init(.restart, .done, service: "web"))
            try await store.save(
                record(at: at), results: [result], events: index < 2 ? [act] : [],
                keep: .init(raw: .zero, minutes: .zero))
        }
        try await store.count(notice: "promoted", isDelivered: true)
        try await store.count(notice: "promoted", isDelivered: true)
        try await store.count(notice: "promoted", isDelivered: false)

        let totals = try await SQLiteWatchStore.openForReading(path).totals()
        let probes = try #require(totals.probes["web"])
        #expect((probes.passed, probes.failed) == (2, 2))
        #expect(probes.lastPass == Sample.moment + .seconds(1))
        // Nothing was asked in the last one.
        #expect(probes.times.count == 3)
        #expect(probes.times.counts.first == 1 && probes.times.counts.last == 1)
        #expect(probes.times.counts[1] == 1)
        #expect(probes.times.total == .milliseconds(6011))
        #expect(totals.acts == [.init(.init(.restart, .done, service: "web"), count: 2)])
        #expect(
            Set(totals.notices) == [
                .init("promoted", isDelivered: true, count: 2),
                .init("promoted", isDelivered: false, count: 1),
            ])
    }

    @Test("A record that cannot be read is told as lost, and the next one is kept and read")
    func lostRecord() async throws {
        let store = try SQLiteWatchStore.open(path)
        try await store.save(record(at: Sample.moment), results: [], events: [], keep: .init())
        try await DatabaseQueue(path: path).write {
            try $0.execute(sql: "UPDATE watch SET json = '{\"replicas\": 1}'")
        }
        await #expect(throws: LostWatchRecord.self) { try await store.record() }
        let (none, loss) = try await store.readableRecord()
        #expect(none == nil)
        #expect(loss?.contains("cannot be read") == true)
        let next = record(at: Sample.moment + .seconds(15))
        try await store.save(next, results: [], events: [], keep: .init())
        #expect(try await store.record() == next)
    }

    @Test("A damaged store is put aside, and told as lost until the next record")
    func damagedStore() async throws {
        try SQLiteFile.create(path)
        let noise = String(repeating: "no database at all. ", count: 500)
        try AtomicFile.write(noise, to: path, access: .ownerOnly)
        let store = try SQLiteWatchStore.open(path)
        #expect(try FileSystem().readText(path + ".damaged") == noise)
        #expect(try await store.readableRecord().loss?.contains("\(path).damaged") == true)
        let next = record(at: Sample.moment)
        try await store.save(next, results: [], events: [], keep: .init())
        #expect(try await store.record() == next)
        #expect(try await SQLiteWatchStore.open(path).readableRecord().loss == nil)
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

    @Test("A store that another program keeps locked is read, and written as soon as it is free")
    func locked() async throws {
        let store = try SQLiteWatchStore.open(path, patience: .milliseconds(50))
        let first = record(at: Sample.moment)
        try await store.save(first, results: [], events: [], keep: .init())
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let second = record(at: Sample.moment + .seconds(15))
        let later = try SQLiteWatchStore.open(path, patience: .milliseconds(50))
        for store in [store, later] {
            await #expect(throws: PersistenceError.busy(path: path)) {
                try await store.save(second, results: [], events: [], keep: .init())
            }
            #expect(try await store.record() == first)
        }
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try await store.save(second, results: [], events: [], keep: .init())
        #expect(try await store.record() == second)
    }

    @Test("A full disk keeps the last round whole, and the next one as soon as there is room")
    func fullDisk() async throws {
        let store = try SQLiteWatchStore.open(path)
        let first = record(at: Sample.moment)
        try await store.save(first, results: [], events: [], keep: .init())
        func limit(toPages pages: Int) throws {
            _ = try store.queue?.inDatabase {
                try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(pages)")
            }
        }
        // Nothing of the reserve is left.
        try await store.queue?.writeWithoutTransaction { database in
            try database.execute(
                sql: "CREATE TABLE filler (bytes); INSERT INTO filler VALUES (zeroblob(520000))")
        }
        try limit(toPages: 1)
        let second = record(at: Sample.moment + .seconds(15))
        let rows = (0..<5000).map {
            ProbeRow(
                Self.web, at: Sample.moment + .milliseconds($0), hasPassed: true,
                took: .milliseconds(1))
        }
        await #expect(throws: PersistenceError.noRoom(path: path)) {
            try await store.save(second, results: rows, events: [], keep: .init())
        }
        #expect(try await store.record() == first)
        #expect(try count("results") == 0)
        try limit(toPages: 10_000)
        try await store.save(second, results: rows, events: [], keep: .init())
        #expect(try count("results") == 5000)
    }

    @Test("Where neither the file nor its journal can grow, rounds are recorded for hours")
    func reserve() async throws {
        let store = try SQLiteWatchStore.open(path)
        _ = try store.queue?.inDatabase { try Int.fetchOne($0, sql: "PRAGMA max_page_count = 1") }
        let size = FileStamp(of: path + "-wal")?.size
        for round in 0..<200 {
            let now = Sample.moment + .seconds(15 * round)
            try await store.save(
                record(at: now),
                results: [ProbeRow(Self.web, at: now, hasPassed: true, took: .milliseconds(1))],
                events: [], keep: .init())
        }
        #expect(try count("results") == 200)
        #expect(FileStamp(of: path + "-wal")?.size == size)
    }

    @Test("A round whose task is cancelled is kept all the same: its act may have been done")
    func cancelled() async throws {
        let store = try SQLiteWatchStore.open(path)
        let first = record(at: Sample.moment)
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await #expect(throws: Never.self) {
                try await store.save(first, results: [], events: [], keep: .init())
            }
        }.value
        #expect(try await store.record() == first)
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
