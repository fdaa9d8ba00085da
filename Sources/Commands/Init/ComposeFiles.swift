import FoundationEssentials
import HostSystem
import Yams

/// The compose files that `teal init` reads, and where the `teal.yml` for them belongs.
struct ComposeFiles: Hashable, Sendable {
    /// Absolute.
    let paths: [String]
    /// Whether they were named, and not found as a `teal.yml` beside them would find them.
    let areNamed: Bool
    /// Relative paths in a compose file count from that of `teal.yml`, so that both belong there.
    let directory: String
    private let usual: UsualComposeFiles

    /// - Parameters:
    ///   - named: as on the command line; empty for those that Compose would read itself.
    ///   - directory: the working directory.
    init(
        named: [String], from directory: String, environment: [String: String] = [:],
        environmentFiles: [String] = []
    ) throws(CommandsError) {
        areNamed = !named.isEmpty
        if areNamed {
            paths = named.map { ConfigurationFile.absolute($0, from: directory) }
            self.directory = Self.folder(of: paths[0])
        } else {
            self.directory = directory
            let found = UsualComposeFiles(
                in: directory, environment: environment, environmentFiles: environmentFiles)
            guard !found.paths.isEmpty else {
                throw .noComposeFileToRead(
                    directory: directory,
                    above: UsualComposeFiles.above(directory, UsualComposeFiles.names))
            }
            paths = found.paths
        }
        usual = UsualComposeFiles(
            in: self.directory, environment: environment, environmentFiles: environmentFiles)
        for path in paths where !FileSystem().exists(path) {
            throw areNamed
                ? .composeFileToReadNotFound(path: path)
                : .composeFile(
                    reason: "COMPOSE_FILE names \(path), which does not exist. Correct the "
                        + "variable, or name the files with --compose.")
        }
    }

    /// As `teal.yml` in this folder is to name them; empty where it finds them by itself.
    func names(from folder: String) -> [String] {
        folder == directory && paths == usual.paths
            ? [] : paths.map { Self.relative($0, to: folder) }
    }

    /// More than the one usual file, in words; nil where there is nothing to say.
    var choice: String? {
        guard !areNamed else { return nil }
        let names = paths.map { Self.relative($0, to: directory) }.joined(separator: ", ")
        switch usual.origin {
        case .variable(let place): return "Read \(names), as COMPOSE_FILE in \(place) says."
        case .names: return paths.count > 1 ? "Read \(names), as Compose does." : nil
        }
    }

    /// Other files of the folder that are called like compose files and were not read.
    var unread: [String] {
        // A folder that cannot be listed has none to tell of.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let taken = drawnIn
        return names.sorted().filter { name in
            (name.hasSuffix(".yml") || name.hasSuffix(".yaml"))
                && (name.contains("compose") || name.hasPrefix("stack"))
                && !paths.contains("\(directory)/\(name)") && !taken.contains(name)
        }
    }

    /// The files of this folder that those read draw in by `include:` and `extends:`.
    private var drawnIn: Set<String> {
        func texts(_ node: Node?) -> [String] {
            guard let node else { return [] }
            return node.string.map { [$0] } ?? node.sequence?.compactMap(\.string) ?? []
        }
        let named = roots.flatMap { root in
            let included = (root["include"]?.sequence.map(Array.init) ?? []).flatMap { entry in
                entry.string.map { [$0] } ?? texts(entry["path"])
            }
            let extended = (root["services"]?.mapping ?? [:]).flatMap { _, service in
                texts(service["extends"]?["file"])
            }
            return included + extended
        }
        return Set(named.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 })
    }

    /// The compose file's own `name:`, else that of its folder. A name with variables is none
    /// that could be told before Compose has put them in.
    func projectName() throws -> ProposedName {
        for root in roots.reversed() {
            guard let name = root["name"]?.string, !name.isEmpty, !name.contains("$")
            else { continue }
            return ProposedName(name)
        }
        return ProposedName(directory.split(separator: "/").last.map(String.init) ?? "")
    }

    /// What Compose's answer no longer tells, since it has put the variables in.
    var facts: ProjectFacts {
        var images: [String: String] = [:]
        for root in roots {
            for (key, service) in root["services"]?.mapping ?? [:] {
                guard let name = key.string, let image = Self.image(of: service) else { continue }
                images[name] = image
            }
        }
        return ProjectFacts(
            imageVariables: images.mapValues(Self.variables).filter { !$0.value.isEmpty })
    }

    /// `TAG` of `acme/web:${TAG:-1}`.
    private static func variables(in image: String) -> [String] {
        image.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map { part in
            let text = part.first == "{" ? part.dropFirst() : part
            return String(
                text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        }.filter { !$0.isEmpty }
    }

    /// Compose tells about a file that is no YAML, in its own words.
    private var roots: [Node] {
        paths.compactMap { path in
            (try? YAMLText.compose(FileSystem().readText(path))).flatMap { root in
                root?.mapping == nil ? nil : root
            }
        }
    }

    /// Its own, else that of what is merged into it.
    private static func image(of service: Node) -> String? {
        if let image = service["image"]?.string { return image }
        guard let merged = service["<<"] else { return nil }
        let sources = merged.sequence.map(Array.init) ?? [merged]
        return sources.lazy.compactMap { $0["image"]?.string }.first
    }

    private static func relative(_ path: String, to folder: String) -> String {
        path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
