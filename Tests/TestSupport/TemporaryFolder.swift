import FoundationEssentials
import HostSystem

/// A folder of a test's own, which goes with the value.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.path + "/teal-test-\(UUID().uuidString)"
        try FileSystem().makeFolder(path, access: .ownerOnly)
    }

    deinit {
        // Files that a test leaves behind in /tmp are not worth failing it.
        try? FileSystem().removeTree(path)
    }

    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}
