import BlueGreen
import DockerEngine
import FoundationEssentials
import HostSystem
import Orchestration

/// The record of one release, in `STATE/releases/ID/`: all that its services are made of, so that
/// a rollback runs what ran. The folder is the owner's alone, since the model holds the values of
/// the environment.
struct SwarmRecord: Hashable, Sendable {
    private static let currentVersion = 1

    private let release: ReleaseID
    private let folder: String

    init(_ release: ReleaseID, in stateDirectory: String) {
        self.release = release
        folder = "\(Self.parent(in: stateDirectory))/\(release)"
    }

    private static func parent(in stateDirectory: String) -> String {
        "\(stateDirectory)/releases"
    }

    private var file: String { "\(folder)/swarm.json" }

    /// Apart from the record, so that nothing but the making of an object has to do with secrets.
    private var contentsFile: String { "\(folder)/objects.json" }

    /// The model that Compose builds by.
    var buildFile: String { "\(folder)/build.json" }

    private struct Stored: Codable {
        let version: Int
        let app: String
        let model: JSONValue
        let settings: [String: ServiceSettings]
        let choices: SwarmChoices
        let images: [String: String]
        /// nil in a record of before there were any.
        let objects: [SwarmObject]?

        init(_ plan: SwarmPlan) {
            version = currentVersion
            app = plan.app
            var model = plan.project.model
            for key in (model["secrets"]?.object ?? [:]).keys {
                model["secrets"]?[key]?["content"] = nil
            }
            self.model = model
            settings = plan.settings
            choices = plan.choices
            images = plan.images
            objects = plan.objects
        }
    }

    private struct StoredContents: Codable {
        let version: Int
        let contents: SwarmContents
    }

    var isThere: Bool { FileSystem().exists(file) }

    func write(_ plan: SwarmPlan) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(Array(try encoder.encode(Stored(plan))), to: file)
    }

    func write(_ contents: SwarmContents) throws {
        guard !contents.isEmpty else { return }
        let stored = StoredContents(version: Self.currentVersion, contents: contents)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try write(Array(try encoder.encode(stored)), to: contentsFile)
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        try FileSystem().makeFolder(folder, access: .ownerOnly)
        try AtomicFile.write(bytes: bytes, to: path, access: .ownerOnly)
    }

    /// - Returns: its path.
    func writeBuild(_ model: JSONValue) throws -> String {
        try write(Array(try model.serialized().utf8), to: buildFile)
        return buildFile
    }

    /// The record as every manager may read it. All that leaves this node goes through here.
    static func copy(of plan: SwarmPlan) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(Stored(plan))
    }

    /// Writes a copy as this node's own record.
    func restore(_ copy: Data) throws { try write(Array(copy), to: file) }

    /// - Throws: `SwarmError.noRelease` where the folder is gone.
    func read() throws -> SwarmPlan {
        guard isThere else { throw SwarmError.noRelease(release, folder: folder) }
        let stored: Stored = try decode(file)
        try refuse(stored.version, file)
        return SwarmPlan(
            project: ComposeProject(app: stored.app, model: stored.model),
            settings: stored.settings, choices: stored.choices, release: release,
            images: stored.images, objects: stored.objects ?? [])
    }

    /// None where the release has none, and on another manager than the one that recorded it.
    func contents() throws -> SwarmContents {
        guard FileSystem().exists(contentsFile) else { return SwarmContents() }
        let stored: StoredContents = try decode(contentsFile)
        try refuse(stored.version, contentsFile)
        return stored.contents
    }

    private func decode<Value: Decodable>(_ path: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(FileSystem().readBytes(path)))
        } catch let error as DecodingError {
            throw SwarmError.badStoredFile(path: path, reason: "\(error)")
        }
    }

    private func refuse(_ version: Int, _ path: String) throws {
        guard version != Self.currentVersion else { return }
        throw SwarmError.badStoredFile(
            path: path, reason: "its version \(version) is not known")
    }

    /// Removes the records of all other releases.
    static func discard(except kept: Set<ReleaseID>, in stateDirectory: String) throws {
        let parent = parent(in: stateDirectory)
        guard FileSystem().isFolder(parent) else { return }
        for name in try FileSystem().list(parent) {
            guard let release = ReleaseID(name), !kept.contains(release) else { continue }
            try FileSystem().removeTree("\(parent)/\(name)")
        }
    }
}
