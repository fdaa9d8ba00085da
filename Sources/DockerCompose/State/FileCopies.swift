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

    /// nil for what is made outside of Compose.
    private func content(of entry: JSONValue, named name: String) throws -> [UInt8]? {
        if let path = entry["file"]?.string {
            return try FileSystem().readBytes(path)
        }
        if let text = entry["content"]?.string {
            return Array(Self.unescaped(text).utf8)
        }
        guard let variable = entry["environment"]?.string else { return nil }
        guard let value = environment[variable] else {
            throw DockerComposeError.noSecret(name: name, variable: variable)
        }
        return Array(value.utf8)
    }

    /// `config` prints each `$` twice.
    private static func unescaped(_ text: String) -> String {
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
