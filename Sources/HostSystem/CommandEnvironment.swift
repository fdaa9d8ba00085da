/// The environment of outside programs, and the folders in which they are looked for.
///
/// Deploy agents, cron and ssh give little: no HOME, no LANG, a PATH without nginx's sbin folders.
struct CommandEnvironment: Hashable, Sendable {
    let variables: [String: String]

    private static let systemFolders = [
        "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin",
    ]

    /// - Parameters:
    ///   - inherited: the variables of this process.
    ///   - home: the user's home folder, for where HOME is not set.
    init(inherited: [String: String], overrides: [String: String], home: String) {
        var variables = inherited.merging(overrides) { _, override in override }
        var folders = (variables["PATH"] ?? "").split(separator: ":").map(String.init)
        folders += Self.systemFolders.filter { !folders.contains($0) }
        variables["PATH"] = folders.joined(separator: ":")
        if (variables["HOME"] ?? "").isEmpty { variables["HOME"] = home }
        // C.UTF-8 has the untranslated texts of C and does not mangle names.
        if (variables["LANG"] ?? "").isEmpty { variables["LANG"] = "C.UTF-8" }
        if (variables["LC_ALL"] ?? "").isEmpty { variables["LC_ALL"] = "C.UTF-8" }
        self.variables = variables
    }

    /// The first executable file of this name in PATH. A name with a slash is a path already.
    func locate(_ name: String, isExecutable: (String) -> Bool) -> String? {
        if name.contains("/") { return isExecutable(name) ? name : nil }
        // An empty or relative entry of PATH would mean the working directory, which is the
        // deployed application's. Nothing is run from there by accident.
        let folders = (variables["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        return folders.map { "\($0)/\(name)" }.first(where: isExecutable)
    }
}
