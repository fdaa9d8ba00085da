import FoundationEssentials
import HostSystem

/// The `teal.yml` that an app's files at nginx were last written by: its place, so that `--app NAME`
/// works from any folder, and all that it said, so that going back needs no folder at all.
struct AppOrigin: Hashable, Codable, Sendable {
    private static let currentVersion = 2

    let formatVersion: Int
    let app: String
    /// Absolute.
    let configuration: String
    /// The file as it was.
    let text: String
    /// The values on that day of the variables that the text names. They may be secrets.
    let variables: [String: String]

    /// - Parameter environment: of the process; only what the text names is kept.
    init(
        app: String, configuration: String, text: String, environment: [String: String]
    ) {
        formatVersion = Self.currentVersion
        self.app = app
        self.configuration = configuration
        self.text = text
        let names = Interpolation.names(in: text)
        variables = environment.filter { names.contains($0.key) }
    }

    private enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case app, configuration, text, variables
    }

    func write(in state: StateDirectory) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        try AtomicFile.write(text, to: state.origin(of: app), access: .ownerOnly)
    }

    /// - Throws: `CommandsError.unknownApp` where nothing was remembered of the app,
    ///   `CommandsError.stateNotReadable` where this user may not know it.
    static func read(
        of app: String, in state: StateDirectory
    ) throws(CommandsError) -> AppOrigin {
        guard let origin = try find(app, in: state) else {
            throw .unknownApp(app, known: try state.apps())
        }
        return origin
    }

    /// nil where nothing was remembered of the app.
    ///
    /// - Throws: `CommandsError.stateNotReadable`.
    static func find(
        _ app: String, in state: StateDirectory
    ) throws(CommandsError) -> AppOrigin? {
        guard StrictGrammar.appName.accepts(app) else { return nil }
        let path = state.origin(of: app)
        let bytes = try state.reading(path) { () -> [UInt8]? in
            guard try FileSystem().isPresent(path) else { return nil }
            do {
                return try FileSystem().readBytes(path)
            } catch HostError.file {
                return nil  // As a record that says nothing.
            }
        }
        guard let bytes,
            // A record that cannot be decoded is as good as none: --config names the file anew, and
            // the next deploy writes the record again.
            let origin = try? JSONDecoder().decode(AppOrigin.self, from: Data(bytes)),
            origin.formatVersion == currentVersion
        else { return nil }
        return origin
    }
}
