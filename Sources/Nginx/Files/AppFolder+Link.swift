import BlueGreen
import HostSystem
import Orchestration

/// Reading the link, and making a lost one anew.
extension AppFolder {
    /// What there is in the link's place.
    enum Link: Equatable {
        case leads(LinkState)
        case unwritten
        case lost(LostLink)
    }

    func link() throws -> Link {
        guard files.exists(paths.http) || files.exists(paths.server) else { return .unwritten }
        guard files.isThere(paths.link) else { return .lost(try lost(.missing)) }
        guard files.isSymbolicLink(paths.link) else {
            return .lost(try lost(try holdsOnlyMarkers(paths.link) ? .folder : .taken))
        }
        let target = try files.linkTarget(at: paths.link) ?? ""
        guard let state = LinkState(name: target) else {
            return .lost(try lost(.foreign(target: target)))
        }
        let missing = state.markers.first { !isMarker(state.path(of: $0)) }
        if let missing {
            return .lost(try lost(.unmarked(marker: paths.file(state.path(of: missing)))))
        }
        return .leads(state)
    }

    func lost(_ finding: LostLink.Finding) throws -> LostLink {
        let manifest = try read().manifest
        return LostLink(
            path: paths.link, finding,
            isWithoutSay: manifest.map { !$0.blueprint.isServing } ?? false,
            says: finding == .unwritten ? try presentState()?.colour : nil)
    }

    /// As nginx's `-f` sees it.
    private func isMarker(_ name: String) -> Bool {
        files.exists(paths.file(name)) && !files.isFolder(paths.file(name))
    }

    /// Where the link leads; nobody has traffic before the app's first files.
    ///
    /// - Throws: `OrchestrationError.lostLink` where it does not lead to a state.
    func state() throws -> LinkState {
        switch try link() {
        case .leads(let state): return state
        case .unwritten: return try presentState() ?? LinkState(nil)
        case .lost(let lost): throw OrchestrationError.lostLink(lost)
        }
    }

    /// Makes the link anew, whatever of Teal's has its place. Its markers are there before it.
    func putBackLink(to state: LinkState) throws {
        try writeMarkers(among: Set(try stateTexts(of: state).keys))
        if files.isThere(paths.link), !files.isSymbolicLink(paths.link) {
            guard try holdsOnlyMarkers(paths.link) else {
                throw NginxError.linkTaken(paths.link)
            }
            try files.replaceFolderByLink(at: paths.link, with: state.name)
        } else {
            try files.replaceLink(at: paths.link, with: state.name)
        }
    }

    /// Whether nobody loses anything with this folder: a copy of a state's.
    private func holdsOnlyMarkers(_ folder: String) throws -> Bool {
        guard files.isFolder(folder) else { return false }
        return try files.list(folder).allSatisfy { name in
            let path = "\(folder)/\(name)"
            guard !files.isSymbolicLink(path), !files.isFolder(path) else { return false }
            return try files.readText(path).hasPrefix(Blueprint.mark)
        }
    }
}

/// What the folders of the states have lost.
extension AppFolder {
    /// The files of state folders that are missing, those of the present state first: until those
    /// are there nginx answers the wrong colour.
    func lostMarkers() throws -> [String] {
        // Before the first files, and without any, there is nothing to compare with.
        guard exists, try link() != .unwritten else { return [] }
        let present = try presentState()
        var wanted = Set<String>()
        if let blueprint = try read().manifest?.blueprint {
            for state in blueprint.states {
                wanted.formUnion(blueprint.names(in: state).map(state.path))
            }
        }
        if let present { wanted.formUnion(present.markers.map(present.path)) }
        let missing = wanted.filter { !isMarker($0) }
        return missing.sorted { isBefore($0, $1, present) }
    }

    /// One sentence for each folder.
    func losses() throws -> [String] {
        var names: [(folder: String, files: [String])] = []
        for path in try lostMarkers() {
            let parts = path.split(separator: "/").map(String.init)
            if let index = names.firstIndex(where: { $0.folder == parts[0] }) {
                names[index].files.append(parts[1])
            } else {
                names.append((parts[0], [parts[1]]))
            }
        }
        return names.map { name in
            let folder = paths.file(name.folder)
            return files.isFolder(folder)
                ? "The folder \(folder) has lost \(name.files.joined(separator: ", ")), by which "
                    + "nginx knows the state \(name.folder)."
                : "The folder \(folder) is gone, by which nginx knows the state \(name.folder)."
        }
    }

    /// Without a reload: nginx looks at them with each request, or at its next start.
    func healMarkers() throws { try writeMarkers(among: Set(try lostMarkers())) }

    private func writeMarkers(among wanted: Set<String>) throws {
        if wanted.isEmpty { return }
        let present = try presentState()
        let texts = try read().manifest?.blueprint.files.texts ?? [:]
        for name in wanted.sorted(by: { isBefore($0, $1, present) })
        where !isMarker(name) {
            let folder = name.prefix { $0 != "/" }
            try files.makeFolder(paths.file(String(folder)), access: .everyoneReads)
            try AtomicFile.write(
                texts[name] ?? Blueprint.mark + ".\n", to: paths.file(name),
                access: .everyoneReads)
        }
    }

    /// The texts of a state's folder; its markers alone where no file tells the rest.
    private func stateTexts(of state: LinkState) throws -> [String: String] {
        let all = try read().manifest?.blueprint.files.texts ?? [:]
        let own = all.filter { $0.key.hasPrefix(state.name + "/") }
        guard own.isEmpty else { return own }
        return Dictionary(
            uniqueKeysWithValues: state.markers.map { (state.path(of: $0), Blueprint.mark) })
    }

    /// By the link's own word, marked or not.
    func presentState() throws -> LinkState? {
        guard files.isSymbolicLink(paths.link) else { return nil }
        return try files.linkTarget(at: paths.link).flatMap(LinkState.init(name:))
    }

    /// The present state's come first, and of these the colour.
    private func isBefore(_ one: String, _ other: String, _ present: LinkState?) -> Bool {
        rank(one, present) < rank(other, present)
    }

    private func rank(_ name: String, _ present: LinkState?) -> (Int, String) {
        guard let present, name.hasPrefix(present.name + "/") else { return (2, name) }
        return (name == present.path(of: present.markers[0]) ? 0 : 1, name)
    }
}

/// What a killed run leaves.
extension AppFolder {
    /// Removes files that were to be renamed, and the folder in which files are proved. Others'
    /// are never among them: these names are Teal's own.
    func sweep() throws {
        try files.removeTree(paths.proof.folder)
        guard exists else { return }
        try sweep(path) {
            $0 == "live" || $0 == ".previous" || $0 == MaintenancePage.name
                || $0.hasSuffix(".conf")
        }
        for folder in try files.list(path) where LinkState(name: folder) != nil {
            try sweep(paths.file(folder)) { _ in true }
        }
        try sweep(paths.watch.path) { $0 == "requests.log" }
        // A folder that had the link's place.
        let aside = paths.link + ".aside"
        if !files.isSymbolicLink(aside), try holdsOnlyMarkers(aside) {
            try files.removeTree(aside)
        }
    }

    private func sweep(_ folder: String, _ isOwn: (String) -> Bool) throws {
        guard files.isFolder(folder), !files.isSymbolicLink(folder) else { return }
        for name in try files.list(folder) where name.hasPrefix(".") && name.hasSuffix(".new") {
            let path = "\(folder)/\(name)"
            guard isOwn(String(name.dropFirst().dropLast(4))),
                files.isSymbolicLink(path) || !files.isFolder(path)
            else { continue }
            try files.removeTree(path)
        }
    }
}
