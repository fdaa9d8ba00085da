import FoundationEssentials
import HostSystem

/// Where an app's state is kept: the store, the releases, the lock, the logs of runs.
package struct StateDirectory: Hashable, Sendable {
    /// Holds a folder per app.
    package let root: String

    /// `TEAL_STATE_DIR`, else `/var/lib/teal`.
    package init(environment: [String: String], from directory: String) {
        let named = environment["TEAL_STATE_DIR"] ?? ""
        root =
            named.isEmpty
            ? "/var/lib/teal" : ConfigurationFile.absolute(named, from: directory)
    }

    package func folder(of app: String) -> String { "\(root)/\(app)" }
    package func store(of app: String) -> String { "\(folder(of: app))/state.sqlite" }
    package func lock(of app: String) -> String { "\(folder(of: app))/lock" }
    package func logs(of app: String) -> String { "\(folder(of: app))/log" }
    func origin(of app: String) -> String { "\(folder(of: app))/origin.json" }

    /// Makes the app's folder, readable by its owner alone, and sees that it can be written.
    package func prepare(for app: String) throws(CommandsError) {
        let folder = folder(of: app)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        } catch {
            throw .stateDirectory(path: folder, reason: Self.reason(error))
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw .stateDirectory(path: folder, reason: "permission denied")
        }
    }

    /// The apps that were ever deployed from here, by name.
    package var apps: [String] {
        // A root that is not there or not readable has no apps to offer; whoever needs one of
        // them then learns that its own is missing.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.filter {
            StrictGrammar.appName.accepts($0)
                && FileManager.default.fileExists(atPath: origin(of: $0))
        }.sorted()
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileWriteNoPermission: "permission denied"
        case .fileWriteVolumeReadOnly: "the file system is read-only"
        case .fileWriteOutOfSpace: "the disk is full"
        case .fileWriteFileExists: "a file stands where the folder should be"
        default: "\(error)"
        }
    }
}
