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

    static func makeDurable(_ database: Database) throws {
        // Only FULL syncs at each commit in WAL mode. GRDB's own WAL setting is NORMAL, with which
        // a power cut may take the last saves back.
        try database.execute(
            sql: """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA journal_size_limit = 0;
                """)
        // SQLite's two companion files stay, empty, when the last connection closes. Else even a
        // reader would have to make them.
        var isPersistent: CInt = 1
        sqlite3_file_control(
            database.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isPersistent)
    }
}
