import BlueGreen
import HostSystem
import Orchestration

/// The losses of the states' folders.
extension AppFolder {
    /// Those of the present state first.
    func losses() throws -> [FolderLoss] {
        let closed = closed().map { path, closure in
            FolderLoss("nginx's workers may not look into \(path), which is Teal's: \(closure).")
        }
        return closed + (try lostFolders())
    }

    /// One for each folder.
    private func lostFolders() throws -> [FolderLoss] {
        var names: [(folder: String, files: [String])] = []
        var found: [FolderLoss] = []
        for path in try lostMarkers() {
            if let taken = taken(path) {
                if !found.contains(taken) { found.append(taken) }
                continue
            }
            let parts = path.split(separator: "/").map(String.init)
            if let index = names.firstIndex(where: { $0.folder == parts[0] }) {
                names[index].files.append(parts[1])
            } else {
                names.append((parts[0], [parts[1]]))
            }
        }
        return found + names.map { loss(of: $0.files, in: $0.folder) }
    }

    private func loss(of names: [String], in state: String) -> FolderLoss {
        let folder = paths.file(state)
        return FolderLoss(
            files.isFolder(folder)
                ? "The folder \(folder) has lost \(names.joined(separator: ", ")), by which "
                    + "nginx knows the state \(state)."
                : "The folder \(folder) is gone, by which nginx knows the state \(state).")
    }

    /// Where something that cannot be Teal's has the place of a state's folder, or of this file in
    /// it; nil where nothing has.
    func taken(_ name: String) -> FolderLoss? {
        guard let slash = name.firstIndex(of: "/") else { return nil }
        let state = String(name[..<slash])
        let (folder, file) = (paths.file(state), paths.file(name))
        let (place, kind) = files.isFolder(folder) ? (file, "file") : (folder, "folder")
        guard place == folder ? files.isThere(folder) : files.isFolder(file) else { return nil }
        return FolderLoss(
            "\(place) is not the \(kind) by which nginx knows the state \(state), and is not "
                + "Teal's. Move it away: `mv \(place) \(place).aside`.", .person)
    }

    /// Without the files whose place something else has: nobody can write those.
    func placeable(_ wanted: GeneratedFiles) -> GeneratedFiles {
        GeneratedFiles(
            texts: wanted.texts.filter { taken($0.key) == nil }, manifest: wanted.manifest)
    }

    /// Puts right all that needs no person, the present state first. Without a reload: nginx looks
    /// at the markers with each request, or at its next start.
    ///
    /// - Returns: what was lost and what was done.
    func heal() throws -> [String] {
        // The content of a closed folder is seen when that one is open.
        var done = try open() + open()
        let lost = try lostFolders().filter { $0.remedy == .nextCommand }
        let names = Set(try lostMarkers())
        let present = try presentState()
        let own = names.filter { name in present.map { name.hasPrefix($0.name + "/") } ?? false }
        let result = Result { try writeMarkers(own) }
        let retreat = try retreat()
        try result.get()
        try writeMarkers(names.subtracting(own))
        done += lost.map { "\($0) It was written again." }
        return done + (retreat.map { [$0] } ?? [])
    }

    private func open() throws -> [String] {
        try closed().map { path, closure in
            try files.openToAll(path)
            return "nginx's workers could not look into \(path), which is Teal's: \(closure). Its "
                + "mode is put right."
        }
    }

    /// From a state that stays lost to the one of the same colour at rest. Else nginx would go on
    /// sending its requests to blue.
    private func retreat() throws -> String? {
        guard let present = try presentState(), !isMarked(present) else { return nil }
        let plain = LinkState(present.colour)
        guard plain != present, isMarked(plain) else { return nil }
        try point(to: plain)
        return "nginx cannot know the state \(present.name), to which \(paths.link) led. It leads "
            + "to \(plain.name) now: a maintenance page or a canary of before is over."
    }

    /// The files of state folders that are missing, those of the present state first: until those
    /// are there nginx answers the wrong colour.
    func lostMarkers() throws -> [String] {
        // Before the first files, and without any, there is nothing to compare with.
        guard exists, try link() != .unwritten else { return [] }
        let present = try presentState()
        var wanted = Set<String>()
        if let blueprint = try manifest()?.blueprint {
            for state in blueprint.states {
                wanted.formUnion(blueprint.names(in: state).map(state.path))
            }
        }
        if let present { wanted.formUnion(present.markers.map(present.path)) }
        let missing = wanted.filter { !isMarker($0) }
        return missing.sorted { isBefore($0, $1, present) }
    }

    /// Writes those that are missing and have their place.
    func writeMarkers(_ wanted: Set<String>) throws {
        let missing = wanted.filter { !isMarker($0) && taken($0) == nil }
        if missing.isEmpty { return }
        let present = try presentState()
        let texts = try manifest()?.blueprint.files.texts ?? [:]
        for name in missing.sorted(by: { isBefore($0, $1, present) }) {
            let folder = name.prefix { $0 != "/" }
            try files.makeFolder(paths.file(String(folder)), access: .everyoneReads)
            try AtomicFile.write(
                texts[name] ?? Blueprint.mark + ".\n", to: paths.file(name),
                access: .everyoneReads)
        }
    }

    /// Parts of Teal's that nginx's workers are to look into and may not: a state behind such
    /// a folder looks as if it were not there, and its requests go to blue.
    private func closed() -> [(path: String, closure: String)] {
        var found: [(String, String)] = []
        if let closure = files.closure(of: path) { found.append((path, closure)) }
        // Teal itself may not look into it before it is open.
        let names = (try? files.list(path)) ?? []
        for name in names
        where LinkState(name: name) != nil || [MaintenancePage.name, "watch"].contains(name) {
            let path = paths.file(name)
            if let closure = files.closure(of: path) { found.append((path, closure)) }
        }
        return found
    }

    /// The texts of a state's folder; its markers alone where no file tells the rest.
    func stateTexts(of state: LinkState) throws -> [String: String] {
        let all = try manifest()?.blueprint.files.texts ?? [:]
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
