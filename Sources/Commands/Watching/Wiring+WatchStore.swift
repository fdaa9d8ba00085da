import HostSystem
import Persistence
import Synchronization

/// A store that is opened once for all rounds of a watch: to open it costs more than all else that
/// a round does with it.
final class KeptStore<Store: Sendable>: Sendable {
    private struct Kept: Sendable {
        let file: FileIdentity
        let store: Store
    }

    private let path: String
    private let opening: @Sendable (String) throws -> Store
    private let canStayOpen: @Sendable (Store) -> Bool
    private let kept = Mutex<Kept?>(nil)

    /// - Parameter canStayOpen: whether a store that was opened is good for later questions too.
    init(
        _ path: String, canStayOpen: @escaping @Sendable (Store) -> Bool = { _ in true },
        opening: @escaping @Sendable (String) throws -> Store
    ) {
        self.path = path
        self.canStayOpen = canStayOpen
        self.opening = opening
    }

    /// Opens the store anew where its file is another one than before.
    func open() throws -> Store {
        let file = FileIdentity(of: path)
        if let kept = kept.withLock(\.self), kept.file == file { return kept.store }
        let store = try opening(path)
        // One that was put in its place meanwhile is not the one that was opened.
        let isSame = file == FileIdentity(of: path)
        let known = isSame && canStayOpen(store) ? file : nil
        kept.withLock { $0 = known.map { Kept(file: $0, store: store) } }
        return store
    }

    /// To be called after a failure, which an opening may find the cause of.
    func forget() {
        kept.withLock { $0 = nil }
    }
}
