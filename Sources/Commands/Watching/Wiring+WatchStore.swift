import HostSystem
import Persistence
import Synchronization

/// The store of an app's watch, which is opened once for all rounds: to open it costs more than all
/// else that a round does with it.
final class KeptWatchStore: Sendable {
    private struct Kept: Sendable {
        let file: FileIdentity
        let store: SQLiteWatchStore
    }

    private let path: String
    private let kept = Mutex<Kept?>(nil)

    init(_ path: String) {
        self.path = path
    }

    /// Opens the store anew where its file is another one than before.
    func open() throws -> SQLiteWatchStore {
        let file = FileIdentity(of: path)
        if let kept = kept.withLock(\.self), kept.file == file { return kept.store }
        let store = try SQLiteWatchStore.open(path)
        let opened = FileIdentity(of: path).map { Kept(file: $0, store: store) }
        kept.withLock { $0 = opened }
        return store
    }

    /// To be called after a failure, which an opening may find the cause of.
    func forget() {
        kept.withLock { $0 = nil }
    }
}
