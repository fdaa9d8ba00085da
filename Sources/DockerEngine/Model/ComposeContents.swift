package import BlueGreen
import HostSystem
package import Orchestration

/// The contents of configs and secrets of the compose file, as they are today: of a file, a text or
/// a variable.
package struct ComposeContents: Hashable, Sendable {
    /// Of the compose file and of each service in it.
    package static let sections = ["configs", "secrets"]

    private let environment: [String: String]

    package init(environment: [String: String]) {
        self.environment = environment
    }

    /// Why a config or a secret has no content.
    package struct Absence: Hashable, Sendable {
        package let text: String
        /// A file that could come to be there before it is read; nil for anything else.
        package let missingFile: String?

        package init(text: String, missingFile: String? = nil) {
            self.text = text
            self.missingFile = missingFile
        }
    }

    /// nil for one that can be read now, and for one that is made outside of Compose.
    ///
    /// - Parameters:
    ///   - section: `configs` or `secrets`.
    ///   - limit: of a file.
    package func absence(
        of entry: JSONValue, named name: String, in section: String, atMost limit: ByteCount
    ) -> Absence? {
        if let path = entry["file"]?.string {
            let files = FileSystem()
            return files.unfitness(of: path, atMost: limit).map { reason in
                Absence(
                    text: "The \(section.dropLast()) \(name) cannot be read from \(path): "
                        + "\(reason). Correct `file:` in the compose file, or put the file there.",
                    missingFile: files.exists(path) ? nil : path)
            }
        }
        guard entry["content"] == nil, let variable = entry["environment"]?.string,
            environment[variable] == nil
        else { return nil }
        return Absence(text: "\(DockerError.noSecret(name: name, variable: variable))")
    }

    /// nil for one that is made outside of Compose.
    ///
    /// - Parameter limit: of a file.
    package func bytes(
        of entry: JSONValue, named name: String, atMost limit: ByteCount
    ) throws -> [UInt8]? {
        if let path = entry["file"]?.string {
            return try FileSystem().readBytes(path, atMost: limit)
        }
        if let text = entry["content"]?.string { return Array(text.unescapingDollars.utf8) }
        guard let variable = entry["environment"]?.string else { return nil }
        guard let value = environment[variable] else {
            throw DockerError.noSecret(name: name, variable: variable)
        }
        return Array(value.utf8)
    }
}

extension ReleaseSourceError {
    /// nil where nothing is absent.
    package init?(_ absences: [ComposeContents.Absence]) {
        guard !absences.isEmpty else { return nil }
        let reason = absences.map(\.text).joined(separator: "\n")
        let files = absences.compactMap(\.missingFile)
        self =
            files.count == absences.count
            ? .missingFiles(files, reason: reason) : .unfit(reason: reason)
    }
}

extension String {
    /// Compose writes each `$` of a value as `$$`, which only Compose reads back.
    package var unescapingDollars: String { replacing("$$", with: "$") }
}
