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

    private struct Stored: Codable {
        let version: Int
        let app: String
        let model: JSONValue
        let settings: [String: ServiceSettings]
        let choices: SwarmChoices
        let images: [String: String]
        /// nil in a record of before there were any.
        let objects: [SwarmObject]?
    }

    private struct StoredContents: Codable {
        let version: Int
        let contents: SwarmContents
    }

    func write(_ plan: SwarmPlan) throws {
        try FileSystem().makeFolder(folder, access: .ownerOnly)
        let stored = Stored(
            version: Self.currentVersion, app: plan.app, model: plan.project.model,
            settings: plan.settings, choices: plan.choices, images: plan.images,
            objects: plan.objects)
        try write(stored, to: file)
    }

    func write(_ contents: SwarmContents) throws {
        guard !contents.isEmpty else { return }
        try FileSystem().makeFolder(folder, access: .ownerOnly)
        try write(
            StoredContents(version: Self.currentVersion, contents: contents), to: contentsFile)
    }

    private func write(_ stored: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(
            bytes: Array(try encoder.encode(stored)), to: path, access: .ownerOnly)
    }

    /// - Throws: `SwarmError.noRelease` where the folder is gone.
    func read() throws -> SwarmPlan {
        guard FileSystem().exists(file) else {
            throw SwarmError.noRelease(release, folder: folder)
        }
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

    /// The objects that the recorded releases have, by their names in the swarm.
    ///
    /// A record that cannot be read is none that can be gone back to, and so needs none.
    static func objectNames(in stateDirectory: String) throws -> Set<String> {
        let parent = parent(in: stateDirectory)
        guard FileSystem().isFolder(parent) else { return [] }
        let plans = try FileSystem().list(parent).compactMap(ReleaseID.init)
            .compactMap { try? SwarmRecord($0, in: stateDirectory).read() }
        return Set(plans.flatMap { plan in plan.objects.map { $0.name(in: plan.app) } })
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
