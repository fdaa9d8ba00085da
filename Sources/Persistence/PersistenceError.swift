import GRDB
import HostSystem
import Orchestration

/// A failure of the store of deployments and releases.
package enum PersistenceError: StoreFailure, Hashable, Sendable, CustomStringConvertible {
    case noRoom(path: String)
    case corrupt(path: String, reason: String)
    /// A later Teal wrote it.
    case newerFormat(path: String, formats: [String])
    /// `record` names it: `deployment 7`.
    case unreadable(record: String, path: String, reason: String)
    case busy(path: String)
    /// The store was opened for reading.
    case readOnly(path: String)
    /// Its file system is read-only.
    case readOnlyDisk(path: String)
    /// `act` is a verb, "open", "write to".
    case failed(path: String, act: String, reason: String)

    package var lacksRoom: Bool {
        switch self {
        case .noRoom: true
        case .corrupt, .newerFormat, .unreadable, .busy, .readOnly, .readOnlyDisk, .failed: false
        }
    }

    package var description: String {
        switch self {
        case .noRoom(let path):
            "The disk is full: the record in \(path) could not be written. "
                + "Free some space."
        case .corrupt(let path, let reason):
            "The history in \(path) is damaged (\(reason)). Traffic does not depend on it. "
                + "Next: move the file away, together with those of the same name that end in "
                + "-wal and -shm, or put a backup in its place; then run `teal status`."
        case .newerFormat(let path, let formats):
            "The history in \(path) was written by a later Teal "
                + "(its format \(formats.joined(separator: ", ")) is unknown here). "
                + "Next: use the Teal that wrote it, or a later one."
        case .unreadable(let record, let path, let reason):
            "The record of \(record) in \(path) cannot be read (\(reason)). "
                + "Next: use the Teal that wrote it, or put a backup in its place."
        case .busy(let path):
            "Another program keeps the history in \(path) locked. "
                + "Next: end what has the file open (`fuser \(path)` tells) and run it again."
        case .readOnly(let path):
            "The history in \(path) was opened for reading only; nothing was written."
        case .readOnlyDisk(let path):
            "The record in \(path) could not be written: it \(ReadOnlyDisk.predicate(path))"
        case .failed(let path, let act, let reason):
            "Could not \(act) the history in \(path): \(reason). "
                + "Next: see that the folder exists and belongs to the user who runs Teal."
        }
    }
}

extension PersistenceError {
    /// Gives SQLite's own errors a subject and a next move; others pass as they are.
    static func translating<Result>(
        path: String, act: String, _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch let error as DatabaseError {
            throw PersistenceError(error, path: path, act: act)
        }
    }

    /// As the other, for what is awaited.
    static func translating<Result>(
        path: String, act: String, awaiting body: () async throws -> Result
    ) async throws -> Result {
        do { return try await body() } catch let error as DatabaseError {
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
            case .SQLITE_READONLY where ReadOnlyDisk.has(path): .readOnlyDisk(path: path)
            case .SQLITE_READONLY where act == "read": .readOnly(path: path)
            default: .failed(path: path, act: act, reason: reason)
            }
    }
}
