import HostSystem

/// The files of a caller, written where `teal init` runs; none where one of them differs.
struct CallerWriting {
    let caller: Caller
    let app: CalledApp
    /// In their order.
    let files: [WrittenFile]

    struct WrittenFile: Hashable {
        let path: String
        let state: State

        enum State: String, Hashable {
            case written
            case replaced
            /// It was there with just this content.
            case kept
        }
    }

    /// - Parameters:
    ///   - name: nil for the app of the `teal.yml` in this folder.
    ///   - folder: of the app on the host; nil for `/srv/APP`.
    /// - Throws: `CommandsError.filesDiffer` with the differences, before anything is written.
    init(
        _ caller: Caller, app name: String?, folder: String?,
        replacing: FirstConfiguration.Replacing, _ invocation: Invocation
    ) throws {
        let name = try name ?? Self.appHere(invocation)
        let app = CalledApp(name: name, folder: folder ?? "/srv/\(name)")
        let wanted = caller.files(of: app)
        let directory = invocation.directory
        let here = try wanted.map { try Self.text(at: "\(directory)/\($0.path)") }
        let differing = zip(wanted, here).filter { $1 != nil && $1 != $0.text }
        if replacing == .refused, !differing.isEmpty {
            throw CommandsError.filesDiffer(
                paths: differing.map(\.0.path),
                differences: differing.map {
                    UnifiedDiff(path: $0.path, before: $1, after: $0.text).text
                }.joined())
        }
        self.caller = caller
        self.app = app
        files = try zip(wanted, here).map { file, text in
            try Self.write(file, in: directory)
            let state: WrittenFile.State =
                text == nil ? .written : text == file.text ? .kept : .replaced
            return WrittenFile(path: file.path, state: state)
        }
    }

    var text: String {
        let lines = files.map { file in
            switch file.state {
            case .written: "Wrote \(file.path).\n"
            case .replaced: "Replaced \(file.path).\n"
            case .kept: "\(file.path) is as it should be.\n"
            }
        }
        let moves = caller.moves(for: app).map { "  - \($0)\n" }
        return lines.joined() + "Next:\n" + moves.joined()
    }

    private static func appHere(_ invocation: Invocation) throws -> String {
        let path = "\(invocation.directory)/teal.yml"
        guard FileSystem().isThere(path) else {
            throw CommandsError.noAppForCaller(directory: invocation.directory)
        }
        return try ConfigurationFile(
            path: path, from: invocation.directory, environment: invocation.environment,
            for: .knownReleases
        ).configuration.app
    }

    /// nil where nothing is there.
    private static func text(at path: String) throws -> String? {
        guard FileSystem().isThere(path) else { return nil }
        guard !FileSystem().isFolder(path) else { throw CommandsError.folderInTheWay(path: path) }
        return try FileSystem().readText(path)
    }

    private static func write(_ file: CallerFile, in directory: String) throws {
        let path = "\(directory)/\(file.path)"
        if let slash = path.lastIndex(of: "/") {
            try FileSystem().makeFolder(String(path[..<slash]), access: .everyoneReads)
        }
        // Also one that is there with this content, whose permissions may be others.
        try AtomicFile.write(file.text, to: path, access: file.access)
    }
}

/// The result of `init --ci` with `--json`.
struct CallerDocument: Encodable {
    struct File: Encodable {
        let path: String
        let state: String
    }

    let formatVersion = 1
    let app: String
    let caller: String
    let folder: String
    let files: [File]
    /// Sentences on what is left to the user.
    let next: [String]

    init(_ writing: CallerWriting) {
        self.init(
            writing.caller, writing.app,
            files: writing.files.map { File(path: $0.path, state: $0.state.rawValue) })
    }

    init(_ caller: Caller, _ app: CalledApp, files: [File]) {
        self.app = app.name
        self.caller = caller.rawValue
        folder = app.folder
        self.files = files
        next = caller.moves(for: app)
    }
}
