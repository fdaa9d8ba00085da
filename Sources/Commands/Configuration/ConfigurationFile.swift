import BlueGreen
import HostSystem

/// A `teal.yml` that was found and read, with the files that it names.
struct ConfigurationFile: Hashable, Sendable {
    /// Absolute, as are all paths here.
    let path: String
    let text: String
    let configuration: AppConfiguration
    /// Empty where none is named and none of the usual ones is there.
    let composeFiles: [String]
    /// Where they come from if `teal.yml` names none; nil where it does.
    let composeOrigin: UsualComposeFiles.Origin?
    let environmentFiles: [String]
    /// The page of maintenance; nil for Teal's own.
    let maintenancePage: String?

    /// A page is copied for nginx and read by each visitor of a site that is down.
    static let largestPage = ByteCount.kibibytes(64)
    /// Compose reads them all into memory, and a pipe without end too.
    private static let largestFile = ByteCount.mebibytes(4)

    /// The folder that the paths in `teal.yml` count from.
    var directory: String { Self.folder(of: path) }

    /// Where Compose takes more than the one usual file, all of them; nil where there is no more.
    var composeFilesText: String? {
        let names = composeFiles.map { path in
            path.hasPrefix(directory + "/") ? String(path.dropFirst(directory.count + 1)) : path
        }.joined(separator: ", ")
        switch composeOrigin {
        case .variable(let place): return "compose files \(names) by COMPOSE_FILE in \(place)"
        case .names where composeFiles.count > 1:
            return "compose files \(names), as Compose reads them"
        case .names, nil: return nil
        }
    }

    /// The use that a verb makes of the settings.
    enum Purpose: Sendable {
        /// A new release is made of all the files that `teal.yml` names.
        case newRelease
        /// Releases that are recorded need none of them.
        case knownReleases
    }

    /// - Parameters:
    ///   - path: relative paths count from `directory`.
    ///   - directory: the working directory.
    init(
        path: String, from directory: String, environment: [String: String],
        for purpose: Purpose = .newRelease
    ) throws(CommandsError) {
        let absolute = Self.absolute(path, from: directory)
        try self.init(text: Self.text(at: absolute), path: absolute, environment: environment)
        switch purpose {
        case .newRelease: try checkFiles()
        case .knownReleases: break
        }
    }

    /// As the app was last deployed; nothing is looked for on the disk.
    init(_ origin: AppOrigin) throws(CommandsError) {
        try self.init(
            text: origin.text, path: origin.configuration, environment: origin.variables)
    }

    private init(
        text: String, path: String, environment: [String: String]
    ) throws(CommandsError) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let folder = Self.folder(of: path)
        let configuration = try AppConfiguration(
            yaml: text, file: name, environment: environment,
            example: { ExampleService.entry(in: folder) })
        self.path = path
        self.text = text
        self.configuration = configuration
        environmentFiles = configuration.environmentFiles.map { Self.absolute($0, from: folder) }
        if configuration.composeFiles.isEmpty {
            let usual = UsualComposeFiles(
                in: folder, environment: environment, environmentFiles: environmentFiles)
            composeFiles = usual.paths
            composeOrigin = usual.origin
        } else {
            composeFiles = configuration.composeFiles.map { Self.absolute($0, from: folder) }
            composeOrigin = nil
        }
        maintenancePage = configuration.maintenancePage.map { Self.absolute($0, from: folder) }
    }

    private func checkFiles() throws(CommandsError) {
        guard !composeFiles.isEmpty else { throw .noComposeFile(directory: directory) }
        let isNamed = !configuration.composeFiles.isEmpty
        var mistakes: [ConfigurationMistake] = []
        for (index, file) in composeFiles.enumerated() {
            guard let reason = FileSystem().unfitness(of: file, atMost: Self.largestFile) else {
                continue
            }
            guard isNamed else {
                throw .composeFile(reason: "The compose file \(file) cannot be read: \(reason).")
            }
            mistakes.append(
                configuration.places.mistake(
                    "the compose file \(file) cannot be read: \(reason); paths count from the "
                        + "folder of this file", at: "compose[\(index)]"))
        }
        guard mistakes.isEmpty else { throw .configuration(mistakes) }
        // A file that a hook may write need not be there before the hook has run.
        if configuration.deployment.hooks.opening.isEmpty { try checkEnvironmentFiles() }
    }

    /// - Throws: `CommandsError.environmentFileNotFound` for the first that does not exist,
    ///   `CommandsError.environmentFileUnfit` for one that Compose could not read.
    func checkEnvironmentFiles() throws(CommandsError) {
        for (index, file) in environmentFiles.enumerated() {
            let place = configuration.places.name(of: "env_files[\(index)]")
            try Self.check(environmentFile: file, namedAt: place)
        }
    }

    /// Those of the command line.
    static func check(environmentFiles: [String]) throws(CommandsError) {
        for file in environmentFiles { try check(environmentFile: file, namedAt: "--env-file") }
    }

    private static func check(
        environmentFile file: String, namedAt place: String
    ) throws(CommandsError) {
        let files = FileSystem()
        if file == "/dev/null" { return }
        guard files.exists(file) else {
            throw .environmentFileNotFound(path: file, place: place)
        }
        if let reason = files.unfitness(of: file, atMost: largestFile) {
            throw .environmentFileUnfit(path: file, reason: reason, place: place)
        }
    }

    /// For verbs that bring a new page; a rollback must not fail without one.
    ///
    /// - Throws: `CommandsError.configuration` for one that cannot be shown.
    func checkMaintenancePage() throws(CommandsError) {
        guard let page = maintenancePage,
            let reason = FileSystem().textUnfitness(of: page, atMost: Self.largestPage)
        else { return }
        throw .configuration([
            configuration.places.mistake(
                "the maintenance page \(page) cannot be used: \(reason). Correct the line, or "
                    + "remove it for Teal's own page.", at: "maintenance.page")
        ])
    }

    /// The path as it stands, or counted from the folder; `.` and `..` are left to the system.
    static func absolute(_ path: String, from directory: String) -> String {
        if path.hasPrefix("/") { return path }
        let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return directory.hasSuffix("/") ? directory + plain : directory + "/" + plain
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static let denied = "permission denied; run Teal as root, or open it to this user"

    private static func isPresent(_ path: String) throws(CommandsError) -> Bool {
        do {
            return try FileSystem().isPresent(path)
        } catch {
            throw .configurationNotReadable(path: path, reason: denied)
        }
    }

    private static func text(at path: String) throws(CommandsError) -> String {
        let files = FileSystem()
        guard try isPresent(path) else {
            // One that was named is meant, and no other.
            let isUsual = path.hasSuffix("/teal.yml")
            throw .configurationNotFound(
                path: path,
                above: isUsual ? UsualComposeFiles.above(folder(of: path), ["teal.yml"]) : nil)
        }
        let bytes: [UInt8]
        do {
            bytes = try files.readBytes(path, atMost: YAMLText.largestFile)
        } catch HostError.file(_, _, let reason) {
            throw .configurationNotReadable(path: path, reason: reason)
        } catch HostError.denied {
            throw .configurationNotReadable(path: path, reason: denied)
        } catch {
            throw .configurationNotReadable(path: path, reason: "\(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .configurationNotReadable(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }
}
