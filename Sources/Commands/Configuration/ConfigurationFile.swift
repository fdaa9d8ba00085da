import BlueGreen
import FoundationEssentials
import Glibc

/// A `teal.yml` that was found and read, with the files that it names.
struct ConfigurationFile: Hashable, Sendable {
    /// Looked for in this order beside `teal.yml` where it names no compose file.
    static let usualComposeFiles = [
        "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml",
    ]

    /// Absolute, as are all paths here.
    let path: String
    let text: String
    let configuration: AppConfiguration
    /// Empty where none is named and none of the usual ones is there.
    let composeFiles: [String]
    let environmentFiles: [String]
    /// The page of maintenance; nil for Teal's own.
    let maintenancePage: String?

    /// A page is copied for nginx and read by each visitor of a site that is down.
    static let largestPage = 65_536

    /// The folder that the paths in `teal.yml` count from.
    var directory: String { Self.folder(of: path) }

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
        let configuration = try AppConfiguration(yaml: text, file: name, environment: environment)
        let folder = Self.folder(of: path)
        self.path = path
        self.text = text
        self.configuration = configuration
        composeFiles = Self.composeFiles(configuration.composeFiles, in: folder)
        environmentFiles = configuration.environmentFiles.map { Self.absolute($0, from: folder) }
        maintenancePage = configuration.maintenancePage.map { Self.absolute($0, from: folder) }
    }

    private func checkFiles() throws(CommandsError) {
        guard !composeFiles.isEmpty else { throw .noComposeFile(directory: directory) }
        for file in composeFiles where !FileManager.default.fileExists(atPath: file) {
            throw .composeFileNotFound(path: file)
        }
        // A file that a hook may write need not be there before the hook has run.
        if configuration.deployment.hooks.opening.isEmpty { try checkEnvironmentFiles() }
    }

    /// - Throws: `CommandsError.environmentFileNotFound` for the first that does not exist.
    func checkEnvironmentFiles() throws(CommandsError) {
        try Self.check(environmentFiles: environmentFiles)
    }

    static func check(environmentFiles: [String]) throws(CommandsError) {
        for file in environmentFiles where !FileManager.default.fileExists(atPath: file) {
            throw .environmentFileNotFound(path: file)
        }
    }

    /// For verbs that bring a new page; a rollback must not fail without one.
    ///
    /// - Throws: `CommandsError.maintenancePage` for one that cannot be shown.
    func checkMaintenancePage() throws(CommandsError) {
        guard let page = maintenancePage else { return }
        var status = stat()
        let reason: String? =
            if stat(page, &status) != 0 {
                errno == ENOENT ? "it does not exist" : String(cString: strerror(errno))
            } else if status.st_mode & S_IFMT != S_IFREG {
                "it is no regular file"
            } else if status.st_size > Self.largestPage {
                "it has \(status.st_size) bytes, and at most \(Self.largestPage) are allowed"
            } else if access(page, R_OK) != 0 {
                "it must not be read"
            } else {
                nil
            }
        if let reason { throw .maintenancePage(path: page, reason: reason) }
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

    private static func text(at path: String) throws(CommandsError) -> String {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .configurationNotFound(path: path)
        }
        guard !isFolder else {
            throw .configurationNotReadable(path: path, reason: "it is a folder")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .configurationNotReadable(path: path, reason: "permission denied")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .configurationNotReadable(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }

    /// Those that are named, else the first of the usual ones; none where there is none.
    private static func composeFiles(_ named: [String], in folder: String) -> [String] {
        guard named.isEmpty else { return named.map { absolute($0, from: folder) } }
        let usual = usualComposeFiles.map { absolute($0, from: folder) }
        return usual.first { FileManager.default.fileExists(atPath: $0) }.map { [$0] } ?? []
    }
}
