package import BlueGreen
import GRDB
import HostSystem
package import Orchestration

/// The rounds of a watch in one SQLite file beside the deployments, in WAL mode. Each round is one
/// transaction that is synced to disk.
package struct SQLiteWatchStore: WatchStore {
    /// Changes of health and acts.
    static let mostEvents = 100_000
    /// A round forgets at most so many old rows, so that none takes long.
    private static let mostForgotten = 20_000

    private let path: String
    /// Why there is no record any more; nil where none was lost.
    private let loss: String?
    /// nil where it was opened for reading and there is no file.
    let queue: DatabaseQueue?

    private init(path: String, queue: DatabaseQueue?, loss: String? = nil) {
        self.path = path
        self.queue = queue
        self.loss = loss
    }

    /// Opens the store to write, and creates it with its folder where they are missing: file
    /// 0600, folder 0700. A damaged one is put aside. The app's lock need not be held.
    ///
    /// - Parameter patience: so long is waited for another program that has the file locked.
    package static func open(
        _ path: String, patience: Duration = .seconds(5)
    ) throws -> SQLiteWatchStore {
        do {
            return SQLiteWatchStore(path: path, queue: try queue(at: path, patience: patience))
        } catch PersistenceError.corrupt(_, let reason) {
            let aside = path + ".damaged"
            try SQLiteFile.move(path, to: aside)
            return SQLiteWatchStore(
                path: path, queue: try queue(at: path, patience: patience),
                loss: "its store was damaged (\(reason)) and is \(aside) now")
        }
    }

    private static func queue(at path: String, patience: Duration) throws -> DatabaseQueue {
        try SQLiteFile.create(path)
        var configuration = configuration
        // Another round of this app: a timer's beside the service's.
        configuration.busyMode = .timeout(Double(patience.wholeMicroseconds) / 1_000_000)
        guard SQLiteFile.allocateIndex(path) else { throw PersistenceError.noRoom(path: path) }
        return try PersistenceError.translating(path: path, act: "open") {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase(SQLiteFile.makeDurable)
            try WatchFormat.migrator.migrate(queue)
            try SQLiteFile.fillReserve(queue, path: path)
            return queue
        }
    }

    /// Opens the store without a change to any file. A missing store has no rounds.
    package static func openForReading(_ path: String) throws -> SQLiteWatchStore {
        guard try FileSystem().isPresent(path) else {
            return SQLiteWatchStore(path: path, queue: nil)
        }
        var configuration = configuration
        configuration.readonly = true
        guard SQLiteFile.allocateIndex(path) else { throw PersistenceError.noRoom(path: path) }
        let queue: DatabaseQueue? = try PersistenceError.translating(path: path, act: "open") {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let isReady = try queue.read(WatchFormat.hasRecords)
            return isReady ? queue : nil
        }
        return SQLiteWatchStore(path: path, queue: queue)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "teal.watch"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // One per app, and 50 apps in one process.
            try database.execute(sql: "PRAGMA cache_size = -256")
        }
        return configuration
    }

    package func record() async throws -> WatchRecord? {
        guard let text = try read({ try String.fetchOne($0, sql: "SELECT json FROM watch") })
        else { return nil }
        guard let text else {
            if let loss { throw LostWatchRecord(description: loss) }
            return nil
        }
        do {
            return try RecordText.decode(
                WatchRecord.self, from: text, name: "the watch", path: path)
        } catch PersistenceError.unreadable(_, _, let reason) {
            throw LostWatchRecord(description: "its record in \(path) cannot be read (\(reason))")
        }
    }

    package func save(
        _ record: WatchRecord, results: [ProbeRow], events: [WatchEvent],
        keep: WatchSettings.Retention
    ) async throws {
        let text = try RecordText.encode(record)
        let entries = try events.map { ($0.at.milliseconds, try RecordText.encode($0)) }
        // A host that loses power may forget its last uneventful rounds. They would be most of what
        // a disk has to sync. Before an act there is always a save without results.
        let isUneventful = events.isEmpty && !results.isEmpty
        try await write(isSynced: !isUneventful) { database in
            try database.execute(
                sql: """
                    INSERT INTO watch (id, json) VALUES (1, ?)
                    ON CONFLICT (id) DO UPDATE SET json = excluded.json
                    """, arguments: [text])
            for did in events.compactMap(\.did) { try Self.count(did, in: database) }
            for (at, json) in entries {
                try database.execute(
                    sql: "INSERT INTO events (at, json) VALUES (?, ?)", arguments: [at, json])
            }
            for result in results { try Self.add(result, to: database) }
            try Self.forget(record.lastRound, keep, in: database)
        }
    }

    /// All of it or nothing.
    ///
    /// - Parameter isSynced: whether it is on the disk when this returns; else the kernel writes it
    ///   within seconds, and a loss of power leaves all of it or nothing still.
    func write(
        isSynced: Bool = true, _ changes: @escaping @Sendable (Database) throws -> Void
    ) async throws {
        guard let queue, !queue.configuration.readonly else {
            throw PersistenceError.readOnly(path: path)
        }
        // SQLite waits for a locked file, and a host may have one thread for all tasks: signals are
        // heard meanwhile. What was begun is kept, whatever becomes of the caller.
        let writing = Task {
            try await queue.writeWithoutTransaction { database in
                if !isSynced { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
                defer {
                    if !isSynced { try? database.execute(sql: "PRAGMA synchronous = FULL") }
                }
                try database.inTransaction {
                    try changes(database)
                    return .commit
                }
            }
        }
        let value = { try await writing.value }
        try await PersistenceError.translating(path: path, act: "write to", awaiting: value)
    }

    package func events(limit: Int) async throws -> [WatchEvent] {
        let texts = try read { database in
            try String.fetchAll(
                database, sql: "SELECT json FROM events ORDER BY id DESC LIMIT ?",
                arguments: [limit])
        }
        return try (texts ?? []).map {
            try RecordText.decode(WatchEvent.self, from: $0, name: "an event", path: path)
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result? {
        guard let queue else { return nil }
        return try PersistenceError.translating(path: path, act: "read") { try queue.read(body) }
    }

    // MARK: Results

    private static func add(_ result: ProbeRow, to database: Database) throws {
        let id = try self.id(of: result.watched, in: database)
        let at = result.at.milliseconds
        let took = result.took.map { $0.wholeMicroseconds }
        // A clock that was set back may bring the same moment again.
        try database.execute(
            sql: """
                INSERT INTO results (at, replica, passed, took) VALUES (?, ?, ?, ?)
                ON CONFLICT (at, replica) DO UPDATE SET passed = excluded.passed,
                    took = excluded.took
                """, arguments: [at, id, result.hasPassed, took])
        try database.execute(
            sql: """
                INSERT INTO minutes (minute, replica, passes, failures, slowest)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (minute, replica) DO UPDATE SET passes = passes + excluded.passes,
                    failures = failures + excluded.failures,
                    slowest = max(coalesce(slowest, 0), coalesce(excluded.slowest, 0))
                """,
            arguments: [
                at / 60_000, id, result.hasPassed ? 1 : 0, result.hasPassed ? 0 : 1, took,
            ])
        try count(result, in: database)
    }

    private static func id(of watched: WatchedReplica, in database: Database) throws -> Int64 {
        let release = watched.placement?.release.text ?? ""
        let known = try Int64.fetchOne(
            database, sql: "SELECT id FROM replicas WHERE name = ? AND release = ?",
            arguments: [watched.name, release])
        if let known { return known }
        try database.execute(
            sql: "INSERT INTO replicas (name, release) VALUES (?, ?)",
            arguments: [watched.name, release])
        return database.lastInsertedRowID
    }

    /// By time and by number. The oldest rows are the first of their tables, so that this is
    /// cheap.
    private static func forget(
        _ now: Timestamp, _ keep: WatchSettings.Retention, in database: Database
    ) throws {
        let raw = (now + (.zero - keep.raw)).milliseconds
        let minute = (now + (.zero - keep.minutes)).milliseconds / 60_000
        for (table, key, bound) in [("results", "at", raw), ("minutes", "minute", minute)] {
            try database.execute(
                sql: """
                    DELETE FROM \(table) WHERE (\(key), replica) IN (
                        SELECT \(key), replica FROM \(table) WHERE \(key) < ?
                        ORDER BY \(key) LIMIT \(mostForgotten))
                    """, arguments: [bound])
        }
        try database.execute(
            sql: "DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - \(mostEvents)")
        try bound(database)
    }

    /// Counting rows reads all of them, so that only a file that has grown is counted.
    private static func bound(_ database: Database) throws {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        guard pages - free > mostPages else { return }
        try database.execute(
            sql: """
                DELETE FROM results WHERE (at, replica) IN (
                    SELECT at, replica FROM results ORDER BY at LIMIT \(mostForgotten))
                """)
        try database.execute(
            sql: """
                DELETE FROM minutes WHERE (minute, replica) IN (
                    SELECT minute, replica FROM minutes ORDER BY minute LIMIT \(mostForgotten))
                """)
    }

    /// 1 GiB of pages of 4 KiB.
    static let mostPages = 262_144
}
