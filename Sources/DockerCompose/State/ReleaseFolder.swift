import BlueGreen
import DockerEngine
import FoundationEssentials
import HostSystem

/// The record of one release, in `STATE/releases/ID/`: all that a rollback needs, so that neither
/// the compose file nor the environment of that later day can change what it runs.
///
/// The folder is the owner's alone, since the model holds the values of the environment.
struct ReleaseFolder: Hashable, Sendable {
    let release: ReleaseID
    let path: String

    init(_ release: ReleaseID, in stateDirectory: String) {
        self.release = release
        path = "\(Self.parent(in: stateDirectory))/\(release)"
    }

    static func parent(in stateDirectory: String) -> String {
        "\(stateDirectory)/releases"
    }

    var modelFile: String { "\(path)/model.json" }

    private var settingsFile: String { "\(path)/settings.json" }

    func colourFile(_ colour: Colour) -> String {
        "\(path)/\(colour).json"
    }

    func hookFile(_ colour: Colour) -> String {
        "\(path)/\(colour)-hook.json"
    }

    /// - Parameter environment: where configs and secrets with `environment:` find their content.
    /// - Returns: the set as `read` will give it.
    @discardableResult
    func write(_ set: ContainerSet, environment: [String: String]) throws -> ContainerSet {
        let project = set.project
        try FileSystem().makeFolder(path, access: .ownerOnly)
        let copies = FileCopies(folder: path, environment: environment)
        var model = try copies.materialized(project.model)
        for service in project.services
        where service.model["build"] != nil && service.model["image"] == nil {
            // The name that Compose would give it, written down so that it cannot change.
            let name = "\(project.app)-\(service.name)"
            model["services"]?[service.name]?["image"] = .string(name)
        }
        try AtomicFile.write(model.serialized(), to: modelFile, access: .ownerOnly)
        let stored = StoredSettings(
            app: project.app, services: set.settings,
            binds: BindSource.look(at: project.running(set.settings)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try encoder.encode(stored))
        try AtomicFile.write(bytes: bytes, to: settingsFile, access: .ownerOnly)
        return ContainerSet(
            project: ComposeProject(app: project.app, model: model), settings: set.settings,
            release: release, services: set.services)
    }

    /// - Throws: `DockerError.noRelease` where the folder is gone.
    func read() throws -> ContainerSet {
        let files = FileSystem()
        guard files.exists(modelFile), files.exists(settingsFile) else {
            throw DockerError.noRelease(release, folder: path)
        }
        let stored = try readSettings()
        let model: JSONValue
        do {
            model = try JSONValue(parsing: files.readBytes(modelFile))
        } catch let error as DecodingError {
            throw DockerError.badStoredFile(path: modelFile, reason: "\(error)")
        }
        return ContainerSet(
            recorded: ComposeProject(app: stored.app, model: model), settings: stored.services,
            release: release)
    }

    /// nil where the folder is gone.
    func bindSources() throws -> RecordedBinds? {
        guard FileSystem().exists(settingsFile) else { return nil }
        return RecordedBinds(release: release, binds: try readSettings().binds)
    }

    private func readSettings() throws -> StoredSettings {
        let stored: StoredSettings
        do {
            stored = try JSONDecoder().decode(
                StoredSettings.self, from: Data(FileSystem().readBytes(settingsFile)))
        } catch let error as DecodingError {
            throw DockerError.badStoredFile(path: settingsFile, reason: "\(error)")
        }
        guard stored.version == StoredSettings.currentVersion else {
            throw DockerError.badStoredFile(
                path: settingsFile, reason: "its version \(stored.version) is not known")
        }
        return stored
    }
}

/// `settings.json` in a release's folder: what `teal.yml` said of the services on that day, and
/// what the host had at the paths that they mount.
struct StoredSettings: Hashable, Codable, Sendable {
    static let currentVersion = 3

    let version: Int
    let app: String
    let services: [String: ServiceSettings]
    let binds: [BindSource]

    init(app: String, services: [String: ServiceSettings], binds: [BindSource]) {
        version = Self.currentVersion
        self.app = app
        self.services = services
        self.binds = binds
    }
}
