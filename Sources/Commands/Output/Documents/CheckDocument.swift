/// The result of `check` with `--json`.
struct CheckDocument: Codable, Hashable {
    let formatVersion: Int
    let app: String?
    let exitStatus: Int32
    let checks: [CheckItem]

    init(app: String?, _ status: ExitStatus, _ checks: [CheckItem]) {
        formatVersion = 1
        self.app = app
        exitStatus = status.rawValue
        self.checks = checks
    }
}
