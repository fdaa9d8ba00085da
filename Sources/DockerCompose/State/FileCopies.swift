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

    private static let sections = ["configs", "secrets"]
    /// Each container mounts its copy, and each release has its own.
    private static let largestFile = ByteCount.mebibytes(16)

    /// The model with all configs and secrets as files in the folder.
    func materialized(_ model: JSONValue) throws -> JSONValue {
        var model = model
        for section in Self.sections {
            for (name, entry) in model[section]?.object ?? [:] {
                guard let bytes = try content(of: entry, named: name) else { continue }
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

    /// Why a config or a secret has no content.
    struct Absence: Hashable {
        let text: String
        /// A file that could come to be there before the copies are made; nil for anything else.
        let missingFile: String?
    }

    /// Each config and secret whose content could not be copied now, in order.
    func absences(in model: JSONValue) -> [Absence] {
        Self.sections.flatMap { section in
            (model[section]?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { name, entry in
                absence(of: entry, named: name, section)
            }
        }
    }

    private func absence(of entry: JSONValue, named name: String, _ section: String) -> Absence? {
        let kind = String(section.dropLast())
        if let path = entry["file"]?.string {
            let files = FileSystem()
            return files.unfitness(of: path, atMost: Self.largestFile).map { reason in
                Absence(
                    text: "The \(kind) \(name) cannot be read from \(path): \(reason). Correct "
                        + "`file:` in the compose file, or put the file there.",
                    missingFile: files.exists(path) ? nil : path)
            }
        }
        guard entry["content"] == nil, let variable = entry["environment"]?.string,
            environment[variable] == nil
        else { return nil }
        let error = DockerError.noSecret(name: name, variable: variable)
        return Absence(text: "\(error)", missingFile: nil)
    }

    /// nil for what is made outside of Compose.
    private func content(of entry: JSONValue, named name: String) throws -> [UInt8]? {
        if let path = entry["file"]?.string {
            return try FileSystem().readBytes(path, atMost: Self.largestFile)
        }
        if let text = entry["content"]?.string {
            return Array(Self.unescaped(text).utf8)
        }
        guard let variable = entry["environment"]?.string else { return nil }
        guard let value = environment[variable] else {
            throw DockerError.noSecret(name: name, variable: variable)
        }
        return Array(value.utf8)
    }

    /// `config` prints each `$` twice.
    static func unescaped(_ text: String) -> String {
        var result = ""
        var skipsDollar = false
        for character in text {
            if character == "$" && skipsDollar {
                skipsDollar = false
                continue
            }
            skipsDollar = character == "$"
            result.append(character)
        }
        return result
    }
}
