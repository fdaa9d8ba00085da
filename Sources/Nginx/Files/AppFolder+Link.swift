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

    func linkMadeAt() -> Timestamp? {
        files.linkMadeAt(paths.link).map(Timestamp.init(milliseconds:))
    }

    func lost(_ finding: LostLink.Finding) throws -> LostLink {
        let manifest = try manifest()
        return LostLink(
            path: paths.link, finding,
            isWithoutSay: manifest.map { !$0.blueprint.isServing } ?? false,
            says: finding == .unwritten ? try presentState()?.colour : nil)
    }

    /// As nginx's `-f` sees it.
    func isMarker(_ name: String) -> Bool {
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
        try writeMarkers(Set(try stateTexts(of: state).keys))
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
