package import BlueGreen
import GRDB
import HostSystem
package import Orchestration

/// Deployments and releases in one SQLite file, in WAL mode, each save synced to disk before it
/// returns. The file keeps a reserve: a way back is recorded on a full disk too.
///
/// Saving blocks its thread for the few milliseconds of the sync. An awaited write would be given
/// up when its task is cancelled, and a record must not be.
package struct SQLiteDeploymentStore: DeploymentStore {
    private let path: String
    /// nil where the store was opened for reading and there is no file.
    let queue: DatabaseQueue?
    /// Good until somebody writes; nil where each question is a new reading.
    private let known: KnownAnswers?

    private init(path: String, queue: DatabaseQueue?, known: KnownAnswers? = nil) {
        self.path = path
        self.queue = queue
        self.known = known
    }

    /// Opens the store to write, and creates it with its folder where they are missing: file
    /// 0600, folder 0700.
    ///
    /// The caller holds the app's lock. On a file system that is read-only, each save fails.
    package static func open(_ path: String) throws -> SQLiteDeploymentStore {
        if ReadOnlyDisk.has(path) { return try openForRepeatedReading(path) }
        try SQLiteFile.create(path)
        let queue = try withOrWithoutRoom(path) { index in
            try PersistenceError.translating(path: path, act: "open") {
                let queue = try DatabaseQueue(path: path, configuration: configuration(index))
                try refuseNewer(queue, path: path)
                try queue.inDatabase(SQLiteFile.makeDurable)
                try StoreFormat.migrator.migrate(queue)
                try SQLiteFile.fillReserve(queue, path: path)
                return queue
            }
        }
        return SQLiteDeploymentStore(path: path, queue: queue, known: KnownAnswers())
    }

    /// Opens the store without a change to any file. A missing store has an empty history.
    package static func openForReading(_ path: String) throws -> SQLiteDeploymentStore {
        guard try FileSystem().isPresent(path) else {
            return SQLiteDeploymentStore(path: path, queue: nil)
        }
        let queue: DatabaseQueue? = try withOrWithoutRoom(path) { index in
            var configuration = configuration(index)
            // A program with an index of its own locks the file as a writer does.
            configuration.readonly = index == .shared
            return try PersistenceError.translating(path: path, act: "open") {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try refuseNewer(queue, path: path)
                // Between its creation and its first record a file has no tables.
                let isReady = try queue.read(StoreFormat.hasRecords)
                return isReady ? queue : nil
            }
        }
        return SQLiteDeploymentStore(path: path, queue: queue)
    }

    /// Opens the store as `openForReading` does, to be asked again and again: what nobody has written
    /// to since is not read twice.
    package static func openForRepeatedReading(_ path: String) throws -> SQLiteDeploymentStore {
        let store = try openForReading(path)
        return SQLiteDeploymentStore(path: path, queue: store.queue, known: KnownAnswers())
    }

    /// Whether it sees what others write from now on, and lets them. A store without records has
    /// nothing open, and one with an index of its own keeps others out.
    package var canStayOpen: Bool { queue?.configuration.readonly ?? false }

    package func save(_ deployment: Deployment) async throws {
        let row = try DeploymentRow(deployment)
        try write { database in
            try Self.countEnd(of: deployment, in: database)
            try row.write(in: database)
        }
    }

    package func deployments(limit: Int) async throws -> [Deployment] {
        try answer(
            \.deployments[limit],
            "SELECT number, json FROM deployments ORDER BY number DESC LIMIT ?", [limit]
        ) { row in
            let number: Int = row[0]
            return try RecordText.decode(
                Deployment.self, from: row[1], name: "deployment \(number)", path: path)
        }
    }

    package func save(_ release: Release) async throws {
        let row = try ReleaseRow(release)
        try write { try row.write(in: $0) }
    }

    package func releases() async throws -> [Release] {
        try answer(
            \.releases, "SELECT id, json FROM releases ORDER BY created_at DESC, id DESC", []
        ) { row in
            let id: String = row[0]
            return try RecordText.decode(
                Release.self, from: row[1], name: "release \(id)", path: path)
        }
    }

    package func deleteRelease(_ id: ReleaseID) async throws {
        try write { database in
            for sql in [
                "DELETE FROM releases WHERE id = ?", "DELETE FROM memory WHERE release = ?",
            ] {
                try database.execute(sql: sql, arguments: [id.text])
            }
        }
    }

    package func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {
        try write { database in
            for (service, use) in seen.sorted(by: { $0.key < $1.key }) {
                try database.execute(
                    sql: """
                        INSERT INTO memory (release, service, held, peak) VALUES (?, ?, ?, ?)
                        ON CONFLICT (release, service) DO UPDATE SET
                            held = max(held, excluded.held), peak = max(peak, excluded.peak)
                        """,
                    arguments: [release.text, service, use.held.bytes, use.peak.bytes])
            }
        }
    }

    package func memoryUses() async throws -> [String: MemoryUse] {
        let rows = try read(
            "SELECT service, max(held), max(peak) FROM memory GROUP BY service", [])
        let uses = rows.map { row -> (String, MemoryUse) in
            let (held, peak) = (ByteCount(bytes: row[1]), ByteCount(bytes: row[2]))
            return (row[0], MemoryUse(held: held, peak: peak))
        }
        return Dictionary(uniqueKeysWithValues: uses)
    }

    /// All of it or nothing, with one sync to disk.
    func write(_ changes: (Database) throws -> Void) throws {
        guard let queue, !queue.configuration.readonly else {
            throw ReadOnlyDisk.has(path)
                ? PersistenceError.readOnlyDisk(path: path) : PersistenceError.readOnly(path: path)
        }
        try PersistenceError.translating(path: path, act: "write to") {
            defer { known?.forget() }
            try queue.write(changes)
        }
    }

    /// The known answer, or the rows as they are read now and understood.
    private func answer<Value: Sendable>(
        _ place: any WritableKeyPath<KnownAnswers.Answers, [Value]?> & Sendable,
        _ sql: String, _ arguments: StatementArguments, understand: (Row) throws -> Value
    ) throws -> [Value] {
        guard let queue, let known else { return try read(sql, arguments).map(understand) }
        var version: Int?
        var answer: [Value]?
        var rows: [Row] = []
        try PersistenceError.translating(path: path, act: "read") {
            // In one transaction, so that the version is the rows' own.
            try queue.read { database in
                version = try KnownAnswers.version(in: database)
                answer = known.answer(place, at: version)
                if answer == nil {
                    rows = try Row.fetchAll(database, sql: sql, arguments: arguments)
                }
            }
        }
        if let answer { return answer }
        let understood = try rows.map(understand)
        known.keep(understood, place, at: version)
        return understood
    }

    func read(_ sql: String, _ arguments: StatementArguments) throws -> [Row] {
        guard let queue else { return [] }
        return try PersistenceError.translating(path: path, act: "read") {
            try queue.read { try Row.fetchAll($0, sql: sql, arguments: arguments) }
        }
    }

    /// Where SQLite keeps its index of the journal.
    private enum JournalIndex {
        /// In a file beside, for all programs that have the store open.
        case shared
        /// In the program's own memory, which then has the store to itself.
        case own
    }

    /// A full disk has no room for the shared index. What was recorded can be read all the same.
    private static func withOrWithoutRoom<Result>(
        _ path: String, _ open: (JournalIndex) throws -> Result
    ) throws -> Result {
        guard SQLiteFile.allocateIndex(path) else { return try open(.own) }
        do { return try open(.shared) } catch PersistenceError.noRoom { return try open(.own) }
    }

    private static func configuration(_ index: JournalIndex) -> Configuration {
        var configuration = Configuration()
        configuration.label = "teal.store"
        configuration.prepareDatabase { database in
            // Before anything that looks into the file, which would make the shared one.
            switch index {
            case .shared: break
            case .own:
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                SQLiteFile.keepCompanions(database)
            }
            // A watch has one open for each of its apps.
            try database.execute(sql: "PRAGMA cache_size = -256")
        }
        // Readers and the one writer do not meet for longer than a checkpoint takes.
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        return configuration
    }

    private static func refuseNewer(_ queue: DatabaseQueue, path: String) throws {
        let unknown = try queue.read(StoreFormat.unknownFormats)
        if !unknown.isEmpty { throw PersistenceError.newerFormat(path: path, formats: unknown) }
    }
}
