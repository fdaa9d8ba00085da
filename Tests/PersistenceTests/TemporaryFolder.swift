import FoundationEssentials
import HostSystem

/// A folder of a test's own, which goes with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/teal-store-\(UUID().uuidString)"
        try FileSystem().makeFolder(path, access: .ownerOnly)
    }

    deinit {
        // What a test leaves behind in /tmp is not worth failing it.
        try? FileSystem().removeTree(path)
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}
