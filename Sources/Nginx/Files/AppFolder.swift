import BlueGreen
import HostSystem
import Orchestration

/// The app's folder on disk: its generated files, the link, and what stood there before a change
/// that is not confirmed yet.
struct AppFolder: Sendable {
    let paths: AppPaths
    let files = FileSystem()
    private let known = ManifestCache()

    init(_ settings: NginxSettings) {
        paths = AppPaths(settings)
    }

    var path: String { paths.folder }

    var exists: Bool { files.isFolder(path) }

    /// The files that Teal generates; hidden ones, the link and others' are none of them.
    func read() throws -> GeneratedFiles {
        var texts: [String: String] = [:]
        for name in try list(path) where name.hasSuffix(".conf") {
            texts[name] = try files.readText(paths.file(name))
        }
        for folder in try files.isFolder(path) ? files.list(path) : []
        where LinkState(name: folder) != nil {
            for name in try list(paths.file(folder)) {
                let file = "\(folder)/\(name)"
                texts[file] = try files.readText(paths.file(file))
            }
        }
        return GeneratedFiles(texts: texts, at: paths)
    }

    /// As `read` finds it, without the other files. Decoded once for each content of its file: a
    /// watch asks in each of its rounds.
    func manifest() throws -> Manifest? {
        let file = paths.file(AppPaths.httpName)
        guard let stamp = FileStamp(of: file) else { return nil }
        return try known.manifest(at: stamp) {
            let texts = [AppPaths.httpName: try files.readText(file)]
            return GeneratedFiles(texts: texts, at: paths).manifest
        }
    }

    private func list(_ folder: String) throws -> [String] {
        guard files.isFolder(folder) else { return [] }
        return try files.list(folder).filter {
            !$0.hasPrefix(".") && $0 != "live" && !files.isFolder("\(folder)/\($0)")
        }
    }

    /// The content of the folder at one moment.
    struct Contents {
        let files: GeneratedFiles
        /// Where the link leads.
        var live: LinkState
    }

    func contents() throws -> Contents {
        Contents(files: try read(), live: try state())
    }

    /// Durable and atomic: this is the switch.
    ///
    /// - Throws: `NginxError.noState` where the files on disk have no folder for it: behind a link
    ///   that leads nowhere nginx would find that blue has traffic. `OrchestrationError.folderLost`
    ///   where something else has the place of that folder.
    func point(to state: LinkState) throws {
        guard isMarked(state) else {
            let taken = state.markers.compactMap { self.taken(state.path(of: $0)) }.first
            if let taken { throw OrchestrationError.folderLost([taken]) }
            throw NginxError.noState(state.name, folder: path)
        }
        try files.replaceLink(at: paths.link, with: state.name)
    }

    func isMarked(_ state: LinkState) -> Bool {
        state.markers.allSatisfy { isMarker(state.path(of: $0)) }
    }

    /// Whether the files on disk let nothing be written down.
    var isArmedUnobserved: Bool {
        get throws {
            let present = try read()
            return !present.texts.isEmpty && !present.isObserved
        }
    }

    /// From now on nginx writes down what it answers, wherever a slot of time has its marker. Who
    /// has traffic stays as it is.
    ///
    /// - Throws: `NginxError.notObserved` where the files on disk do not tell nginx to.
    func beginWatch() throws {
        guard try read().isObserved else { throw NginxError.notObserved(folder: path) }
        let present = try state()
        switch present.stage {
        case .plain where present.colour != nil:
            try point(to: present.with(.watched))
        case .plain, .watched, .canary: break
        }
    }

    /// Does not end a canary, which is always watched.
    func endWatch() throws {
        let present = try state()
        switch present.stage {
        case .watched:
            try point(to: present.with(.plain))
        case .plain, .canary: break
        }
    }

    /// Brings the disk from what it holds to the wanted files. Before the first byte changes, all
    /// that the change will replace is kept in one file beside.
    func replace(_ contents: Contents, by wanted: GeneratedFiles) throws {
        let present = contents.files
        let changed = Set(present.paths).union(wanted.paths)
            .filter { present.texts[$0] != wanted.texts[$0] }
        try files.makeFolder(path, access: .everyoneReads)
        let journal = Journal(of: changed.sorted(), in: present)
        try AtomicFile.write(journal.text, to: paths.journal, access: .everyoneReads)
        try put(changed, from: wanted.texts, live: contents.live)
    }

    /// Puts back what an unconfirmed change replaced; the memory of it stays.
    ///
    /// - Returns: whether there was such a change.
    @discardableResult
    func restorePrevious() throws -> Bool {
        guard let text = try files.readTextIfPresent(paths.journal) else { return false }
        guard let journal = Journal(text: text) else {
            throw HostError.file(
                path: paths.journal, act: "read", reason: "it is not what Teal wrote")
        }
        try put(Set(journal.texts.keys), from: journal.kept, live: try state())
        return true
    }

    func forgetPrevious() throws {
        try files.removeTree(paths.journal)
    }

    /// The other apps of this nginx, with the services that they have files for.
    var otherApps: [String: Set<String>] {
        get throws {
            guard files.isFolder(paths.directory) else { return [:] }
            var others: [String: Set<String>] = [:]
            for name in try files.list(paths.directory) {
                let folder = "\(paths.directory)/\(name)"
                guard folder != path, !name.hasPrefix("."),
                    files.exists(AppPaths(folder).http)
                else { continue }
                others[name] = Set(try files.list(folder).compactMap(AppPaths.service(ofSnippet:)))
            }
            return others
        }
    }

    var hasUnconfirmedChange: Bool { files.isThere(paths.journal) }

    func removeAll() throws {
        try files.removeTree(path)
    }

    var hasLink: Bool { files.isThere(paths.link) }

    func removeLink() throws {
        try files.removeTree(paths.link)
    }

    /// - Parameter live: where the link leads, and where a first one is made to lead.
    private func put(
        _ names: Set<String>, from texts: [String: String], live: LinkState
    ) throws {
        if try presentState() == nil, !texts.isEmpty {
            try files.makeFolder(path, access: .everyoneReads)
            try putBackLink(to: live)
        }
        try makeLog(for: texts)
        let order = WriteOrder(
            names, from: texts, serverFile: try files.readTextIfPresent(paths.server),
            live: live.colour)
        for (name, text) in order.writes {
            guard let text else {
                try files.removeTree(paths.file(name))
                continue
            }
            if let slash = name.firstIndex(of: "/") {
                try files.makeFolder(paths.file(String(name[..<slash])), access: .everyoneReads)
            }
            try AtomicFile.write(text, to: paths.file(name), access: .everyoneReads)
        }
    }

    /// nginx opens it whenever it reads its configuration. One that is the folder's owner's can be
    /// emptied by who may change the folder.
    private func makeLog(for texts: [String: String]) throws {
        let watch = paths.watch
        guard GeneratedFiles(texts: texts, at: paths).isObserved, !files.exists(watch.log) else {
            return
        }
        try files.makeFolder(watch.path, access: .everyoneReads)
        try AtomicFile.write("", to: watch.log, access: .everyoneReads)
    }
}
