import BlueGreen
import DockerEngine
import HostSystem

/// Copies of what a model's configs and secrets hold, so that a container set started again finds
/// the content of its own day.
///
/// The copies are readable by everyone who may enter the folder: a program that is not root in
/// its container has to read its secret, and on the host nobody but the owner gets that far.
struct FileCopies: Hashable, Sendable {
    let folder: String
    let environment: [String: String]

    /// Each container mounts its copy, and each release has its own.
    private static let largestFile = ByteCount.mebibytes(16)

    /// The model with all configs and secrets as files in the folder.
    func materialized(_ model: JSONValue) throws -> JSONValue {
        var model = model
        for section in ComposeContents.sections {
            for (name, entry) in model[section]?.object ?? [:] {
                guard
                    let bytes = try contents.bytes(
                        of: entry, named: name, atMost: Self.largestFile)
                else { continue }
                // Another content is another file, so that what a running container has mounted
                // is never written over.
                let path = "\(folder)/\(section)-\(name)-\(FNV1a.hexDigest(bytes))"
                try AtomicFile.write(bytes: bytes, to: path, access: .everyoneReads)
                var entry = entry
                entry["content"] = nil
                entry["environment"] = nil
                entry["file"] = .string(path)
                model[section]?[name] = entry
            }
        }
        return model
    }

    /// Each config and secret whose content could not be copied now, in order.
    func absences(in model: JSONValue) -> [ComposeContents.Absence] {
        ComposeContents.sections.flatMap { section in
            (model[section]?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { name, entry in
                contents.absence(of: entry, named: name, in: section, atMost: Self.largestFile)
            }
        }
    }

    private var contents: ComposeContents { ComposeContents(environment: environment) }
}
