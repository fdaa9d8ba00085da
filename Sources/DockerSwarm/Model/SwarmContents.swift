import BlueGreen
import DockerEngine
import FoundationEssentials
import Orchestration

/// The contents of a release's configs and secrets, read on the day of its deploy.
struct SwarmContents: Hashable, Codable, Sendable {
    /// By name in the swarm.
    private var bytes: [String: Data] = [:]

    var isEmpty: Bool { bytes.isEmpty }

    subscript(name: String) -> Data? { bytes[name] }

    /// Reads all that services of the plan have.
    ///
    /// - Returns: with the objects of these contents.
    /// - Throws: `ReleaseSourceError` with each that cannot be read, or that the swarm refuses.
    static func read(
        for plan: SwarmPlan, _ environment: [String: String]
    ) throws -> (contents: SwarmContents, objects: [SwarmObject]) {
        let reader = ComposeContents(environment: environment)
        var contents = SwarmContents()
        var objects: [SwarmObject] = []
        var absences: [ComposeContents.Absence] = []
        for (kind, key) in plan.ownKeys(of: try plan.services) {
            let entry = plan.entry(kind, key)
            if let absence = reader.absence(
                of: entry, named: key, in: kind.section, atMost: kind.largest)
            {
                absences.append(absence)
                continue
            }
            let bytes = try reader.bytes(of: entry, named: key, atMost: kind.largest) ?? []
            if let reason = unfitness(bytes.count, kind) {
                absences.append(
                    ComposeContents.Absence(text: "The \(kind.rawValue) \(key) \(reason)"))
                continue
            }
            let object = SwarmObject(kind, key, bytes, of: plan.app)
            objects.append(object)
            contents.bytes[object.name(in: plan.app)] = Data(bytes)
        }
        if let error = ReleaseSourceError(absences) { throw error }
        return (contents, objects)
    }

    private static func unfitness(_ count: Int, _ kind: SwarmObject.Kind) -> String? {
        if count == 0 {
            return "is empty, and the swarm takes no empty one. Give it a content, or take it "
                + "out of the compose file."
        }
        guard count > kind.largest.bytes else { return nil }
        return "has \(count) bytes, and the swarm takes at most \(kind.largest.bytes). Put it "
            + "into the image, or into a volume."
    }
}
