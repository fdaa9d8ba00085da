import GRDB

@testable import Persistence

extension SQLiteDeploymentStore {
    /// Changes a store's file by another way than Teal's.
    static func execute(_ sql: String, in path: String) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    func journalMode() throws -> String? {
        try queue?.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    }

    /// 2 is FULL.
    func synchronous() throws -> Int? {
        try queue?.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }

    func freePages() throws -> Int {
        try queue?.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") } ?? 0
    }

    /// Has SQLite answer as on a full disk: the file may not grow beyond what it has.
    func limit(toPages pages: Int) throws {
        _ = try queue?.inDatabase {
            try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(pages)")
        }
    }
}
