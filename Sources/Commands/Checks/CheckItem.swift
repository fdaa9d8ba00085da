/// One thing that `check` looked at.
struct CheckItem: Hashable, Codable, Sendable {
    enum Level: String, Codable, Sendable {
        case ok
        /// It works, but somebody should know.
        case warn
        case fail
    }

    /// `docker`, `nginx`: what a script may look for.
    let name: String
    let level: Level
    /// The finding, with a remedy if it is not good.
    let text: String

    /// The first line bears the level and the name, the others stand under it.
    var lines: [String] {
        let head = level.rawValue + String(repeating: " ", count: 6 - level.rawValue.count)
        let title = name + String(repeating: " ", count: max(1, 15 - name.count))
        let lines = SafeLine.lines(text)
        return lines.enumerated().map { index, line in
            (index == 0 ? head + title : String(repeating: " ", count: 21)) + line
        }
    }
}

/// The result of `check` with `--json`.
struct CheckDocument: Encodable {
    let formatVersion = 1
    let app: String?
    let exitStatus: Int32
    let checks: [CheckItem]

    init(app: String?, _ status: ExitStatus, _ checks: [CheckItem]) {
        self.app = app
        exitStatus = status.rawValue
        self.checks = checks
    }
}
