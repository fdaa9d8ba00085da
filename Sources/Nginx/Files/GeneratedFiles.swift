import HostSystem

/// An app's files by their path within its folder, as generated or as found on disk.
struct GeneratedFiles: Equatable, Sendable {
    let texts: [String: String]
    /// nil where `http.conf` is missing, or is not what this Teal wrote for that folder.
    let manifest: Manifest?

    static let none = GeneratedFiles(texts: [:], manifest: nil)

    init(texts: [String: String], manifest: Manifest?) {
        self.texts = texts
        self.manifest = manifest
    }

    /// - Parameter paths: where they were found.
    init(texts: [String: String], at paths: AppPaths) {
        let manifest = texts[AppPaths.httpName].flatMap(Manifest.init(httpFile:))
        self.init(texts: texts, manifest: manifest?.blueprint.paths == paths ? manifest : nil)
    }

    var paths: [String] { texts.keys.sorted() }

    /// Those that have a file for a location.
    var services: Set<String> { Set(texts.keys.compactMap(AppPaths.service(ofSnippet:))) }

    /// Whether they tell nginx to write down what it answers.
    var isObserved: Bool { manifest?.blueprint.isObserved ?? false }

    static func == (left: GeneratedFiles, right: GeneratedFiles) -> Bool {
        left.texts == right.texts
    }

    /// Over all names and texts, with 16 digits. It tells configurations apart, it protects
    /// nothing.
    static func fingerprint(of texts: [String: String]) -> String {
        var bytes: [UInt8] = []
        for (path, text) in texts.sorted(by: { $0.key < $1.key }) {
            bytes += Array(path.utf8) + [0] + Array(text.utf8) + [0]
        }
        let digits = FNV1a.hexDigest(bytes)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
