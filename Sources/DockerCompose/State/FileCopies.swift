import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// Copies of what a model's configs and secrets hold, so that a container set started again finds
/// the content of its own day.
///
/// As in Compose a copy of a file is whose the file is, with its mode, and any other content is the
/// user's that the service names, with the mode that it names. On the host nobody but the owner of
/// the folder gets that far.
struct FileCopies: Hashable, Sendable {
    let folder: String
    let environment: [String: String]

    /// Each container mounts its copy, and each release has its own.
    private static let largestFile = ByteCount.mebibytes(16)

    /// The model with all configs and secrets as files in the folder.
    ///
    /// - Throws: `DockerError.refused` for an owner or a mode that is none.
    func materialized(_ model: JSONValue) throws -> JSONValue {
        var result = model
        for section in ComposeContents.sections {
            for (name, entry) in model[section]?.object ?? [:] {
                guard
                    let bytes = try contents.bytes(
                        of: entry, named: name, atMost: Self.largestFile)
                else { continue }
                let copy = { (owner: FileOwner) in
                    var entry = entry
                    entry["content"] = nil
                    entry["environment"] = nil
                    entry["file"] = .string(try write(bytes, "\(section)-\(name)", as: owner))
                    return entry
                }
                if let path = entry["file"]?.string {
                    result[section]?[name] = try copy(try FileOwner(of: path))
                    continue
                }
                result[section]?[name] = try copy(.usual)
                for use in try FileUse.all(of: name, in: section, model)
                where use.owner != .usual {
                    let special = "\(name)-\(use.owner.text)"
                    result[section]?[special] = try copy(use.owner)
                    use.take(special, instead: name, in: &result)
                }
            }
        }
        return result
    }

    /// Another content is another file, so that what a running container has mounted is never
    /// written over. So is another owner: it makes another container too.
    private func write(_ bytes: [UInt8], _ name: String, as owner: FileOwner) throws -> String {
        let mark = owner == .usual ? "" : "-\(owner.text)"
        let path = "\(folder)/\(name)-\(FNV1a.hexDigest(bytes))\(mark)"
        try AtomicFile.write(bytes: bytes, to: path, as: owner)
        return path
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

/// A config or a secret in one service of a model.
private struct FileUse {
    let service: String
    let section: String
    let index: Int
    let owner: FileOwner

    static func all(
        of name: String, in section: String, _ model: JSONValue
    ) throws -> [FileUse] {
        try (model["services"]?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { service, own in
            try (own[section]?.array ?? []).enumerated().compactMap { index, use in
                guard use["source"]?.string == name else { return nil }
                return FileUse(
                    service: service, section: section, index: index,
                    owner: try owner(use, name, service))
            }
        }
    }

    /// Newer versions of Compose write octal digits, older ones a number.
    private static func owner(
        _ use: JSONValue, _ name: String, _ service: String
    ) throws -> FileOwner {
        let mode =
            switch use["mode"] {
            case .string(let digits): UInt32(digits, radix: 8)
            case .integer(let number): UInt32(exactly: number)
            default: FileOwner.usual.mode
            }
        let user = use["uid"]?.string.map { UInt32($0) } ?? 0
        let group = use["gid"]?.string.map { UInt32($0) } ?? 0
        guard let user, let group, let mode, mode <= 0o7777 else {
            let message =
                "\(service) gets \(name) with a `uid`, `gid` or `mode` that is none: the first two "
                + "are numbers, as in `uid: \"33\"`, and the third is octal, as in `mode: 0440`. "
                + "Correct that in the compose file."
            throw DockerError.refused([ServiceProblem(service, message)])
        }
        return FileOwner(user: user, group: group, mode: mode)
    }

    /// The file stays where the service finds it.
    func take(_ other: String, instead name: String, in model: inout JSONValue) {
        guard var uses = model["services"]?[service]?[section]?.array else { return }
        uses[index]["source"] = .string(other)
        if uses[index]["target"] == nil {
            uses[index]["target"] = .string(section == "configs" ? "/\(name)" : name)
        }
        for key in ["uid", "gid", "mode"] { uses[index][key] = nil }
        model["services"]?[service]?[section] = .array(uses)
    }
}

extension FileOwner {
    /// That of a content without a word about it.
    fileprivate static let usual = FileOwner()

    /// `0440-33-33`
    fileprivate var text: String { "0\(String(mode, radix: 8))-\(user)-\(group)" }
}
