import GRDB

extension PersistenceError {
    /// Gives SQLite's own errors a subject and a next move; others pass as they are.
    static func translating<Result>(
        path: String, act: String, _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch let error as DatabaseError {
            throw PersistenceError(error, path: path, act: act)
        }
    }

    private init(_ error: DatabaseError, path: String, act: String) {
        let reason = error.message ?? "SQLite's error \(error.extendedResultCode.rawValue)"
        self =
            switch error.resultCode {
            case .SQLITE_FULL: .noRoom(path: path)
            // On a full disk SQLite may fail first at giving its shared memory file a size.
            case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
                .noRoom(path: path)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt(path: path, reason: reason)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
            case .SQLITE_READONLY where act == "read": .readOnly(path: path)
            default: .failed(path: path, act: act, reason: reason)
            }
    }
}
