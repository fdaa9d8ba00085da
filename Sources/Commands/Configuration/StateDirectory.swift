import Glibc
import HostSystem

/// The folder of all apps' state: the store, the releases, the lock, the logs of runs.
struct StateDirectory: Hashable, Sendable {
    /// Holds a folder per app.
    let root: String

    /// `TEAL_STATE_DIR`, else `/var/lib/teal`.
    init(environment: [String: String], from directory: String) {
        let named = environment["TEAL_STATE_DIR"] ?? ""
        root =
            named.isEmpty
            ? "/var/lib/teal" : ConfigurationFile.absolute(named, from: directory)
    }

    func folder(of app: String) -> String { "\(root)/\(app)" }
    func store(of app: String) -> String { "\(folder(of: app))/state.sqlite" }
    func lock(of app: String) -> String { "\(folder(of: app))/lock" }
    func watchStore(of app: String) -> String { "\(folder(of: app))/watch.sqlite" }
    /// Held while a person's command on the containers runs.
    func person(of app: String) -> String { "\(folder(of: app))/person.lock" }
    /// Held for one round of probes.
    func watchLock(of app: String) -> String { "\(folder(of: app))/watch.lock" }
    func hook(of app: String) -> String { "\(folder(of: app))/hook" }
    func logs(of app: String) -> String { "\(folder(of: app))/log" }
    func origin(of app: String) -> String { "\(folder(of: app))/origin.json" }

    /// The tokens of the page, of all apps.
    var pageTokens: String { "\(root)/page-tokens.json" }
    var pageTokensLock: String { "\(root)/page-tokens.lock" }

    /// Makes the app's folder, readable by its owner alone, and sees that it can be written. On a
    /// file system that has become read-only a way back needs but what is there.
    func prepare(for app: String, toBegin: Bool = false) throws(CommandsError) {
        let folder = folder(of: app)
        do {
            try FileSystem().makeFolder(folder, access: .ownerOnly)
        } catch HostError.file(let path, _, let reason) {
            throw .stateDirectory(path: path, reason: reason)
        } catch HostError.denied(let path, _) {
            throw .stateDirectory(path: path, reason: "permission denied")
        } catch HostError.readOnly(let path) {
            throw .stateReadOnly(path: path)
        } catch {
            throw .stateDirectory(path: folder, reason: "\(error)")
        }
        if ReadOnlyDisk.has(folder) {
            guard !toBegin, FileSystem().exists(lock(of: app)) else {
                throw .stateReadOnly(path: folder)
            }
            return
        }
        guard access(folder, W_OK) == 0 else {
            throw .stateDirectory(path: folder, reason: "it must not be written")
        }
    }

    /// The apps that were ever deployed from here, by name; none where there is no such folder.
    ///
    /// One whose folder this user may not look into is among them: denied is not absent.
    ///
    /// - Throws: `CommandsError.stateNotReadable`.
    func apps() throws(CommandsError) -> [String] {
        try reading(root) {
            guard try FileSystem().isPresent(root) else { return [] }
            return try FileSystem().list(root).filter {
                StrictGrammar.appName.accepts($0) && mayBeApp($0)
            }
        }
    }

    private func mayBeApp(_ name: String) -> Bool {
        do {
            return try FileSystem().isPresent(origin(of: name))
        } catch {
            return true  // A look at the app itself says why.
        }
    }

    /// Every look into the folder passes here.
    func reading<Result>(
        _ path: String, _ body: () throws -> Result
    ) throws(CommandsError) -> Result {
        do {
            return try body()
        } catch HostError.denied {
            throw .stateNotReadable(path: path, reason: "permission denied")
        } catch HostError.file(_, _, let reason) {
            throw .stateNotReadable(path: path, reason: reason)
        } catch let error as CommandsError {
            throw error
        } catch {
            throw .stateNotReadable(path: path, reason: "\(error)")
        }
    }
}
