import FoundationEssentials
import HostSystem

/// Which `teal.yml` an app was last deployed from, so that `--app NAME` works from any folder.
struct AppOrigin: Hashable, Codable, Sendable {
    let formatVersion: Int
    /// Absolute.
    let configuration: String

    init(configuration: String) {
        formatVersion = 1
        self.configuration = configuration
    }

    private enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case configuration
    }

    func write(for app: String, in state: StateDirectory) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        try AtomicFile.write(text, to: state.origin(of: app), access: .ownerOnly)
    }

    /// - Throws: `CommandsError.unknownApp` where nothing was remembered of the app.
    static func read(
        of app: String, in state: StateDirectory
    ) throws(CommandsError) -> AppOrigin {
        guard StrictGrammar.appName.accepts(app),
            // A record that cannot be read is as good as none: --config names the file anew, and
            // the next deploy writes the record again.
            let bytes = try? FileSystem().readBytes(state.origin(of: app)),
            let origin = try? JSONDecoder().decode(AppOrigin.self, from: Data(bytes))
        else { throw .unknownApp(app, known: state.apps) }
        return origin
    }
}
