import BlueGreen
import GRDB
import GRDBSQLite
import Glibc
import HostSystem

/// What all of Teal's SQLite files have in common.
enum SQLiteFile {
    static func create(_ path: String) throws {
        let files = FileSystem()
        guard !files.exists(path) else { return }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try files.makeFolder(folder.isEmpty ? "/" : folder, access: .ownerOnly)
        // SQLite takes an empty file for a new database, and gives its companions the same
        // permissions.
        try AtomicFile.write("", to: path, access: .ownerOnly)
    }

    /// Renames the file together with its companions.
    static func move(_ path: String, to aside: String) throws {
        // The file itself goes last: a process that ends before that comes here again.
        for suffix in ["-wal", "-shm", ""] where FileSystem().exists(path + suffix) {
            guard rename(path + suffix, aside + suffix) == 0 else {
                throw PersistenceError.failed(
                    path: path, act: "put aside", reason: String(cString: strerror(errno)))
            }
        }
    }

    /// Gives the index that programs share its room on the disk, where it has none yet. SQLite itself
    /// leaves holes in it where the blocks of a disk are small, and a process that writes to one is
    /// ended by the kernel when the disk is full.
    ///
    /// - Returns: whether it has its room, or SQLite is to find out.
    static func allocateIndex(_ path: String) -> Bool {
        let index = path + "-shm"
        // One of its size may be in use: to close it here would give SQLite's locks on it back.
        let size = FileStamp(of: index)?.size ?? 0
        guard size < indexSize else { return true }
        let file = open(index, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return true }
        defer { _ = close(file) }
        var owner = stat()
        // As SQLite does it: whom the file belongs to is who may use it.
        if geteuid() == 0, stat(path, &owner) == 0 { _ = fchown(file, owner.st_uid, owner.st_gid) }
        guard posix_fallocate(file, 0, off_t(indexSize)) == ENOSPC else { return true }
        _ = ftruncate(file, 0)
        return false
    }

    private static let indexSize: Int64 = 32_768

    static func makeDurable(_ database: Database) throws {
        // Only FULL syncs at each commit in WAL mode. GRDB's own WAL setting is NORMAL, with which
        // a power cut may take the last saves back. The journal is never cut, and what it has is
        // moved into the file so early that a large transaction still finds room in it.
        try database.execute(
            sql: """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA journal_size_limit = -1;
                PRAGMA wal_autocheckpoint = \(reservedPages - leastPages);
                """)
        keepCompanions(database)
    }

    /// SQLite's two companion files stay when the last connection closes. Else even a reader would
    /// have to make them, and the reserve were gone.
    static func keepCompanions(_ database: Database) {
        var isPersistent: CInt = 1
        sqlite3_file_control(
            database.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isPersistent)
    }
}

/// Room that a file keeps for itself, so that what is written on a full disk still fits: free pages
/// in the file, and as many in its journal. Both together are 1 MB.
extension SQLiteFile {
    private static let reservedPages = 128
    /// With fewer it is filled up again.
    private static let leastPages = 64
    private static let pageSize = 4096

    /// Fills the reserve up where much of it is used, and the disk has room for it.
    static func fillReserve(_ queue: DatabaseQueue, path: String) throws {
        guard try lacksReserve(queue, path) else { return }
        let bytes = reservedPages * pageSize
        do {
            try queue.writeWithoutTransaction { database in
                // That of a run which was killed while it filled.
                try database.execute(sql: "DROP TABLE IF EXISTS reserve")
                guard try hasRoom(path) else { return }
                // The pages of what is inserted go into the journal, and are free once it is gone.
                // The cache has them still, and a watch has a hundred of these open.
                try database.execute(
                    sql: """
                        CREATE TABLE reserve (bytes BLOB);
                        INSERT INTO reserve VALUES (zeroblob(\(bytes)));
                        DROP TABLE reserve;
                        PRAGMA shrink_memory;
                        """)
            }
        } catch is DatabaseError {
            // Others took the room, or have the file locked. What is to be recorded meets it itself.
        }
    }

    private static func lacksReserve(_ queue: DatabaseQueue, _ path: String) throws -> Bool {
        let free = try queue.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") } ?? 0
        guard free >= leastPages else { return true }
        let journal = FileStamp(of: path + "-wal")?.size ?? 0
        return journal < Int64(leastPages * pageSize)
    }

    /// The last room of a disk belongs to the others on it.
    private static func hasRoom(_ path: String) throws -> Bool {
        let reserve = 2 * reservedPages * pageSize
        return try FileSystem().freeSpace(at: path).bytes >= Int64(2 * reserve)
    }
}
