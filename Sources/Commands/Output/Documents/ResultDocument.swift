import BlueGreen

/// The result of `deploy`, `rollback`, `resume` and `down` with `--json`, also when they fail, and
/// of any other verb when it fails.
struct ResultDocument: Codable, Hashable {
    static let formatVersion = 1

    let formatVersion: Int
    let app: String?
    /// As the process ends.
    let exitStatus: Int32
    /// The colour that has traffic now; left out where none has, or where it was not looked at.
    let traffic: String?
    /// Left out where nothing was deployed.
    let deployment: DeploymentDocument?
    /// Why there was no deployment, or why it was left unfinished.
    let error: String?

    init(
        app: String?, _ status: ExitStatus, traffic: Colour? = nil,
        deployment: Deployment? = nil, error: String? = nil
    ) {
        formatVersion = Self.formatVersion
        self.app = app
        exitStatus = status.rawValue
        self.traffic = traffic?.rawValue
        self.deployment = deployment.map(DeploymentDocument.init)
        self.error = error
    }
}
