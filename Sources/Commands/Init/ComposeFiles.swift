import HostSystem
import Yams

/// The compose files that `teal init` reads, and where the `teal.yml` for them belongs.
struct ComposeFiles: Hashable, Sendable {
    /// Absolute.
    let paths: [String]
    /// Whether they were named, and not found as a `teal.yml` beside them would find them.
    let areNamed: Bool

    /// - Parameters:
    ///   - named: as on the command line; empty for the usual one of the directory.
    ///   - directory: the working directory.
    init(named: [String], from directory: String) throws(CommandsError) {
        areNamed = !named.isEmpty
        if named.isEmpty {
            let usual = ConfigurationFile.usualComposeFiles.map { "\(directory)/\($0)" }
            guard let found = usual.first(where: FileSystem().exists) else {
                throw .noComposeFileToRead(directory: directory)
            }
            paths = [found]
            return
        }
        paths = named.map { ConfigurationFile.absolute($0, from: directory) }
        for path in paths where !FileSystem().exists(path) {
            throw .composeFileToReadNotFound(path: path)
        }
    }

    /// Relative paths in a compose file count from that of `teal.yml`, so that both belong there.
    var directory: String { Self.folder(of: paths[0]) }

    /// The file that Compose would read beside the usual one and Teal does not.
    var override: String? {
        guard !areNamed else { return nil }
        let stem = paths[0].prefix(upTo: paths[0].lastIndex(of: ".") ?? paths[0].endIndex)
        return ["yml", "yaml"].map { "\(stem).override.\($0)" }.first(where: FileSystem().exists)
    }

    /// As `teal.yml` in this folder is to name them; empty where it finds them by itself.
    func names(from folder: String) -> [String] {
        let isFound = paths.count == 1 && paths[0] == usual(in: folder)
        return isFound ? [] : paths.map { Self.relative($0, to: folder) }
    }

    /// The compose file's own `name:`, else that of its folder. A name with variables is none
    /// that could be told before Compose has put them in.
    func projectName() throws -> ProposedName {
        for path in paths.reversed() {
            // Compose tells about a file that is no YAML, in its own words.
            guard let root = try? YAMLText.compose(FileSystem().readText(path)),
                let name = root["name"]?.string, !name.isEmpty, !name.contains("$")
            else { continue }
            return ProposedName(name)
        }
        return ProposedName(directory.split(separator: "/").last.map(String.init) ?? "")
    }

    private func usual(in folder: String) -> String? {
        ConfigurationFile.usualComposeFiles.map { "\(folder)/\($0)" }
            .first(where: FileSystem().exists)
    }

    private static func relative(_ path: String, to folder: String) -> String {
        path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
