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

    private struct Stored: Codable {
        let version: Int
        let app: String
        let model: JSONValue
        let settings: [String: ServiceSettings]
        let choices: SwarmChoices
        let images: [String: String]
    }

    func write(_ plan: SwarmPlan) throws {
        try FileSystem().makeFolder(folder, access: .ownerOnly)
        let stored = Stored(
            version: Self.currentVersion, app: plan.app, model: plan.project.model,
            settings: plan.settings, choices: plan.choices, images: plan.images)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(
            bytes: Array(try encoder.encode(stored)), to: file, access: .ownerOnly)
    }

    /// - Throws: `SwarmError.noRelease` where the folder is gone.
    func read() throws -> SwarmPlan {
        guard FileSystem().exists(file) else {
            throw SwarmError.noRelease(release, folder: folder)
        }
        let stored: Stored
        do {
            stored = try JSONDecoder().decode(
                Stored.self, from: Data(FileSystem().readBytes(file)))
        } catch let error as DecodingError {
            throw SwarmError.badStoredFile(path: file, reason: "\(error)")
        }
        guard stored.version == Self.currentVersion else {
            throw SwarmError.badStoredFile(
                path: file, reason: "its version \(stored.version) is not known")
        }
        return SwarmPlan(
            project: ComposeProject(app: stored.app, model: stored.model),
            settings: stored.settings, choices: stored.choices, release: release,
            images: stored.images)
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
