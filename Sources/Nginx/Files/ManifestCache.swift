import HostSystem
import Synchronization

/// The manifest of an app's files as it was read last.
final class ManifestCache: Sendable {
    private struct Entry {
        let stamp: FileStamp
        let manifest: Manifest?
    }

    private let entry = Mutex<Entry?>(nil)

    /// - Parameters:
    ///   - stamp: of its file, taken before it is read.
    ///   - read: called where the file has another content than the last time.
    func manifest(at stamp: FileStamp, read: () throws -> Manifest?) rethrows -> Manifest? {
        if let known = entry.withLock({ $0 }), known.stamp == stamp { return known.manifest }
        let manifest = try read()
        entry.withLock { $0 = Entry(stamp: stamp, manifest: manifest) }
        return manifest
    }
}
